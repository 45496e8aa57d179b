import type { Checker, Kind } from "../../../api/schema";
import { Checkbox } from "../../../components/Checkbox";
import { Field } from "../../../components/Field";
import { FieldError } from "../../../components/FieldError";
import { Select } from "../../../components/Select";
import { TextArea } from "../../../components/TextArea";
import { type CaseForm, type Expectation, type FieldErrors, keepsStoredInput } from "./caseForm";
import { errorsAt } from "./exerciseForm";
import { FileFields } from "./FileFields";

const KINDS: readonly (readonly [Kind, string])[] = [
  ["call", "Call a function, compare what it returns"],
  ["stdin", "Give an input, compare what is printed"],
  ["stdout", "Run code after the answer, compare what is printed"],
  ["unittest", "Run a test module"],
];

const CHECKERS: readonly (readonly [Checker, string])[] = [
  ["trimmed", "Trimmed: spaces at line ends do not count"],
  ["exact", "Exact"],
  ["tokens", "Tokens: the same words, however spaced"],
  ["tolerance", "Tolerance: numbers may differ a little"],
  ["unordered", "Unordered: in any order"],
  ["case_insensitive", "Case-insensitive: capital or small letters"],
  ["regex", "Regular expression, of all that is printed or returned"],
];

const EXPECTATIONS: readonly (readonly [Expectation, string])[] = [
  ["expected", "The function returns a value"],
  ["raises", "The function raises an exception"],
  ["calls", "It is a class, and its methods are called"],
];

interface Props {
  form: CaseForm;
  /** Where the service places the errors of this case, such as `cases.0`. */
  place: string;
  errors: FieldErrors;
  onChange: (part: Partial<CaseForm>) => void;
}

type TextName = Expectation | "test_points" | "code" | "input" | "arguments" | "keywords";

/** The fields of a case, by its kind. */
export function CaseFields({ form, place, errors, onChange }: Props) {
  const at = (field: string) => errorsAt(errors, `${place}.${field}`);
  const line = (
    field:
      | "name"
      | "points"
      | "function"
      | "module"
      | "tolerance"
      | "absolute_tolerance"
      | "relative_tolerance",
    label: string,
    hint?: string,
  ) => (
    <Field
      label={label}
      name={field}
      hint={hint}
      value={form[field]}
      errors={at(field)}
      onChange={(value) => onChange({ [field]: value })}
    />
  );
  const text = (field: TextName, label: string, hint?: string, rows?: number) => (
    <TextArea
      label={label}
      code
      hint={hint}
      rows={rows}
      value={form[field]}
      errors={at(field)}
      onChange={(value) => onChange({ [field]: value })}
    />
  );
  return (
    <>
      <FieldError messages={errors[place]} />
      <div className="field-grid">
        {line("name", "Name", "Learners see it.")}
        <Select
          label="Kind"
          value={form.kind}
          options={KINDS}
          onChange={(kind) => onChange({ kind: kind as Kind })}
        />
        {line("points", "Points", "0 to 1000.")}
      </div>
      <FieldError messages={at("kind")} />
      <Checkbox
        label="Hidden"
        hint="Learners see its name, points and verdict only."
        checked={form.hidden}
        onChange={(hidden) => onChange({ hidden })}
      />
      {form.kind === "call" && (
        <>
          <div className="field-grid">
            {line("function", "Function")}
            {text("arguments", "Arguments", "A list in JSON, such as [2, 3].", 1)}
            {text("keywords", "Keyword arguments", "An object in JSON; may be left out.", 1)}
          </div>
          <Select
            label="What is expected"
            value={form.expectation}
            options={EXPECTATIONS}
            onChange={(expectation) => onChange({ expectation: expectation as Expectation })}
          />
          {form.expectation === "expected" &&
            text("expected", "Must return", 'JSON, such as 5, "text", [1, 2], null or {"$set": [1, 2]}.', 2)}
          {form.expectation === "raises" &&
            text("raises", "Must raise", 'JSON, such as {"type": "ValueError", "message": "too small"}.', 2)}
          {form.expectation === "calls" &&
            text(
              "calls",
              "Calls of methods",
              'A list in JSON, such as [{"method": "pop", "arguments": [], "expected": 5}].',
              4,
            )}
        </>
      )}
      {form.kind === "stdin" && (
        <div className="two-columns">
          {text("input", "Input", storedInputHint(form))}
          {text("expected", "Must print")}
        </div>
      )}
      {form.kind === "stdout" && (
        <div className="two-columns">
          {text("code", "Code after the answer", "Such as print(add(2, 3)).")}
          {text("expected", "Must print")}
        </div>
      )}
      {form.kind === "unittest" ? (
        <>
          {text("code", "Test module", "It imports the answer, and has unittest's test cases.", 10)}
          <div className="field-grid">
            {line("module", "Name of the answer's module", '"answer" if left out.')}
            {text(
              "test_points",
              "Points for single tests",
              'JSON: "even", or {"Test.test_small": 2} with the case\'s points as sum; may be left out.',
              2,
            )}
          </div>
          <FileFields
            legend="Files beside the test module"
            files={form.files}
            errors={at("files")}
            onChange={(files) => onChange({ files })}
          />
        </>
      ) : (
        <div className="field-grid">
          <Select
            label="Compared by"
            value={form.checker}
            options={CHECKERS.filter(([name]) => name !== "tokens" || form.kind !== "call")}
            onChange={(checker) => onChange({ checker: checker as Checker })}
          />
          {form.checker === "tolerance" && (
            <>
              {line("absolute_tolerance", "Numbers may differ by", "Such as 0.5.")}
              {line("relative_tolerance", "Or by this part of the expected number", "0.01 is one per cent.")}
              {line("tolerance", "Or by both, if neither is given", "0.000001 if left out.")}
            </>
          )}
        </div>
      )}
      <FieldError messages={at("checker")} />
      <FileFields
        legend="Files that the answer can open or import"
        files={form.answer_files}
        errors={at("answer_files")}
        onChange={(answer_files) => onChange({ answer_files })}
      />
    </>
  );
}

function storedInputHint(form: CaseForm): string | undefined {
  const stored = form.stored_input;
  if (stored === null) {
    return undefined;
  }
  return keepsStoredInput(form)
    ? `The beginning of an input of ${stored.bytes} bytes. A change replaces the whole input.`
    : `Replaces an input of ${stored.bytes} bytes.`;
}
