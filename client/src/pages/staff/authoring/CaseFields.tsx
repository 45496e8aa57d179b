import type { Checker, Kind, LanguageData } from "../../../api/schema";
import { Checkbox } from "../../../components/Checkbox";
import { Field } from "../../../components/Field";
import { FieldError } from "../../../components/FieldError";
import { Select } from "../../../components/Select";
import { TextArea } from "../../../components/TextArea";
import { type CaseForm, type Expectation, type FieldErrors, keepsStoredInput } from "./caseForm";
import { errorsAt } from "./exerciseForm";
import { FileFields } from "./FileFields";
import { isKindAllowed } from "./languageChoice";

const KINDS: readonly (readonly [Kind, string])[] = [
  ["call", "Function call: compare what it returns"],
  ["stdin", "Input: compare what is printed"],
  ["stdout", "Code after the answer: compare what is printed"],
  ["unittest", "Test module"],
  ["sql", "Database: compare the result of a query"],
];

const CHECKERS: readonly (readonly [Checker, string])[] = [
  ["trimmed", "Trimmed: ignore spaces at line ends"],
  ["exact", "Exact"],
  ["tokens", "Tokens: ignore all spacing"],
  ["tolerance", "Tolerance: allow small differences of numbers"],
  ["unordered", "Unordered: ignore the order"],
  ["case_insensitive", "Case-insensitive: ignore capital letters"],
  ["regex", "Regular expression for the whole result"],
];

const EXPECTATIONS: readonly (readonly [Expectation, string])[] = [
  ["expected", "The function returns a value"],
  ["raises", "The function raises an exception"],
  ["calls", "It is a class with methods to call"],
];

type LineName =
  | "name"
  | "points"
  | "function"
  | "module"
  | "tolerance"
  | "absolute_tolerance"
  | "relative_tolerance";
type TextName = Expectation | "test_points" | "code" | "input" | "arguments" | "keywords" | "setup" | "query";

interface Props {
  form: CaseForm;
  /** Undefined as long as it is not known. */
  language: LanguageData | undefined;
  /** The path of this test case in the API's errors, such as `cases.0`. */
  path: string;
  errors: FieldErrors;
  onChange: (changed: Partial<CaseForm>) => void;
}

/** Functions that render a control for a field of the test case. */
function controls({ form, path, errors, onChange }: Props) {
  const props = (name: LineName | TextName, label: string, hint: string | undefined) => ({
    label,
    hint,
    value: form[name],
    errors: errorsAt(errors, `${path}.${name}`),
    onChange: (value: string) => onChange({ [name]: value }),
  });
  return {
    line: (name: LineName, label: string, hint?: string) => (
      <Field name={name} {...props(name, label, hint)} />
    ),
    text: (name: TextName, label: string, hint?: string, rows?: number) => (
      <TextArea code rows={rows} {...props(name, label, hint)} />
    ),
  };
}

/** The fields of a test case, which depend on its kind. */
export function CaseFields(props: Props) {
  const { form, language, path, errors, onChange } = props;
  const { line } = controls(props);
  return (
    <>
      <FieldError messages={errors[path]} />
      <div className="field-grid">
        {line("name", "Name", "Shown to learners.")}
        <Select
          label="Kind"
          value={form.kind}
          options={KINDS.filter(([kind]) => kind === form.kind || isKindAllowed(language, kind))}
          onChange={(kind) => onChange({ kind: kind as Kind })}
        />
        {line("points", "Points", "From 0 to 1000.")}
      </div>
      <FieldError messages={errorsAt(errors, `${path}.kind`)} />
      <Checkbox
        label="Hidden"
        hint="Learners see only the name, the points and the verdict."
        checked={form.hidden}
        onChange={(hidden) => onChange({ hidden })}
      />
      {form.kind === "call" && <CallFields {...props} />}
      {form.kind === "stdin" && <InputFields {...props} />}
      {form.kind === "stdout" && <CodeFields {...props} />}
      {form.kind === "sql" && <DatabaseFields {...props} />}
      {form.kind === "unittest" ? <TestModuleFields {...props} /> : <CheckerFields {...props} />}
      <FieldError messages={errorsAt(errors, `${path}.checker`)} />
      {form.kind !== "sql" && (
        <FileFields
          legend="Files that the answer can open or import"
          files={form.answer_files}
          errors={errorsAt(errors, `${path}.answer_files`)}
          onChange={(answer_files) => onChange({ answer_files })}
        />
      )}
    </>
  );
}

function CallFields(props: Props) {
  const { form, onChange } = props;
  const { line, text } = controls(props);
  return (
    <>
      <div className="field-grid">
        {line("function", "Function")}
        {text("arguments", "Arguments", "A JSON list, such as [2, 3].", 1)}
        {text("keywords", "Keyword arguments", "A JSON object. Optional.", 1)}
      </div>
      <Select
        label="Expectation"
        value={form.expectation}
        options={EXPECTATIONS}
        onChange={(expectation) => onChange({ expectation: expectation as Expectation })}
      />
      {form.expectation === "expected" &&
        text("expected", "Expected value", 'JSON, such as 5, "text", [1, 2], null or {"$set": [1, 2]}.', 2)}
      {form.expectation === "raises" &&
        text(
          "raises",
          "Expected exception",
          'JSON, such as {"type": "ValueError", "message": "too small"}.',
          2,
        )}
      {form.expectation === "calls" &&
        text(
          "calls",
          "Method calls",
          'A JSON list, such as [{"method": "pop", "arguments": [], "expected": 5}].',
          4,
        )}
    </>
  );
}

function InputFields(props: Props) {
  const { text } = controls(props);
  return (
    <div className="two-columns">
      {text("input", "Input", storedInputHint(props.form))}
      {text("expected", "Expected output")}
    </div>
  );
}

function storedInputHint(form: CaseForm): string | undefined {
  const stored = form.stored_input;
  if (stored === null) {
    return undefined;
  }
  return keepsStoredInput(form)
    ? `Only the beginning of ${stored.bytes} bytes is shown. A change replaces the whole input.`
    : `Replaces an input of ${stored.bytes} bytes.`;
}

function CodeFields(props: Props) {
  const { text } = controls(props);
  return (
    <div className="two-columns">
      {text("code", "Code after the answer", "Such as print(add(2, 3)).")}
      {text("expected", "Expected output")}
    </div>
  );
}

function DatabaseFields(props: Props) {
  const { form, onChange } = props;
  const { text } = controls(props);
  return (
    <>
      {text("setup", "Database", "The statements that make the tables, and what is in them.", 8)}
      {text("query", "Query after the answer", "For answers that have no result themselves. Optional.", 2)}
      {text(
        "expected",
        "Expected result",
        'JSON, such as {"columns": ["name"], "rows": [["Ada"], [null]]}.',
        4,
      )}
      <Checkbox
        label="The order of the rows matters"
        checked={form.ordered}
        onChange={(ordered) => onChange({ ordered })}
      />
      <Checkbox
        label="The names of the columns matter"
        checked={form.column_names}
        onChange={(column_names) => onChange({ column_names })}
      />
    </>
  );
}

function TestModuleFields(props: Props) {
  const { form, path, errors, onChange } = props;
  const { line, text } = controls(props);
  return (
    <>
      {text("code", "Test module", "A unittest module that imports the answer.", 10)}
      <div className="field-grid">
        {line("module", "Module name of the answer", 'Default: "answer".')}
        {text(
          "test_points",
          "Points of each test",
          'JSON: "even", or {"Test.test_small": 2} with the points of the test case as the sum. Optional.',
          2,
        )}
      </div>
      <FileFields
        legend="Files for the test module"
        files={form.files}
        errors={errorsAt(errors, `${path}.files`)}
        onChange={(files) => onChange({ files })}
      />
    </>
  );
}

const SQL_CHECKERS: readonly Checker[] = ["exact", "trimmed", "tolerance", "case_insensitive"];

function isCheckerAllowed(checker: Checker, kind: Kind): boolean {
  return kind === "sql" ? SQL_CHECKERS.includes(checker) : checker !== "tokens" || kind !== "call";
}

function CheckerFields(props: Props) {
  const { form, onChange } = props;
  const { line } = controls(props);
  return (
    <div className="field-grid">
      <Select
        label="Checker"
        value={form.checker}
        options={CHECKERS.filter(([checker]) => isCheckerAllowed(checker, form.kind))}
        onChange={(checker) => onChange({ checker: checker as Checker })}
      />
      {form.checker === "tolerance" && (
        <>
          {line("absolute_tolerance", "Absolute tolerance", "Such as 0.5.")}
          {line("relative_tolerance", "Relative tolerance", "0.01 is one per cent.")}
          {line("tolerance", "Tolerance for both", "If neither is given. Default: 0.000001.")}
        </>
      )}
    </div>
  );
}
