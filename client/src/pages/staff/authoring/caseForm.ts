/** A test case as a form of texts, and as the API's payload. The form's fields have the API's names, as its errors do. */

import { parseExactly } from "../../../api/exactJson";
import type {
  CallCase,
  CaseData,
  Checker,
  ClassCase,
  Kind,
  RaisingCase,
  SqlCase,
  StdinCase,
  StdoutCase,
  UnittestCase,
} from "../../../api/schema";

export type Expectation = "expected" | "raises" | "calls";

export interface FileForm {
  key: number;
  name: string;
  content: string;
  /** The content of a file that is not text. It cannot be edited here. */
  base64?: string;
}

/** The fields of all kinds together, so that changing the kind loses nothing. */
export interface CaseForm {
  key: number;
  name: string;
  kind: Kind;
  points: string;
  hidden: boolean;
  checker: Checker;
  tolerance: string;
  absolute_tolerance: string;
  relative_tolerance: string;
  expected: string;
  code: string;
  input: string;
  /** A large input, of which the API returns only the beginning. */
  stored_input: { beginning: string; bytes: number; digest: string } | null;
  function: string;
  arguments: string;
  keywords: string;
  /** Which of `expected`, `raises` and `calls` counts, for a call. */
  expectation: Expectation;
  raises: string;
  calls: string;
  module: string;
  setup: string;
  query: string;
  ordered: boolean;
  column_names: boolean;
  /** JSON. */
  test_points: string;
  files: FileForm[];
  answer_files: FileForm[];
}

const EXAMPLES: Record<Expectation, string> = {
  expected: '5, "text" or [1, 2]',
  raises: '{"type": "ValueError"}',
  calls: '[{"method": "pop", "expected": 5}]',
};

export type FileContent = string | { base64: string };

const TOLERANCES = ["tolerance", "absolute_tolerance", "relative_tolerance"] as const;

export type FieldErrors = Record<string, string[]>;
export type CasePayload =
  | CallCase
  | RaisingCase
  | ClassCase
  | StdinCase
  | StdoutCase
  | UnittestCase
  | SqlCase;

let lastKey = 0;

/** Return a unique key for a row of the form, which it keeps when it is moved. */
export function newKey(): number {
  lastKey += 1;
  return lastKey;
}

export function emptyCase(number: number, kind: Kind = "call"): CaseForm {
  return {
    key: newKey(),
    name: `case ${number}`,
    kind,
    points: "1",
    hidden: false,
    checker: "trimmed",
    tolerance: "",
    absolute_tolerance: "",
    relative_tolerance: "",
    expected: "",
    code: "",
    input: "",
    stored_input: null,
    function: "",
    arguments: "[]",
    keywords: "",
    expectation: "expected",
    raises: "",
    calls: "",
    module: "",
    setup: "",
    query: "",
    ordered: true,
    column_names: false,
    test_points: "",
    files: [],
    answer_files: [],
  };
}

export function caseForm(data: CaseData): CaseForm {
  const form = {
    ...emptyCase(0),
    name: data.name,
    kind: data.kind,
    points: String(data.points),
    hidden: data.hidden,
  };
  for (const field of ["code", "input", "function", "module", "setup", "query"] as const) {
    form[field] = String(data[field] ?? "");
  }
  if (data.input_digest != null) {
    form.stored_input = { beginning: form.input, bytes: data.input_bytes ?? 0, digest: data.input_digest };
  }
  form.checker = (data.checker as Checker | undefined) ?? "trimmed";
  for (const field of TOLERANCES) {
    form[field] = form.checker === "tolerance" && data[field] != null ? JSON.stringify(data[field]) : "";
  }
  form.expected = hasJsonResult(data.kind)
    ? (JSON.stringify(data.expected) ?? "")
    : String(data.expected ?? "");
  form.ordered = data.ordered ?? true;
  form.column_names = data.column_names ?? false;
  for (const field of ["raises", "calls"] as const) {
    if (data[field] != null) {
      form.expectation = field;
      form[field] = JSON.stringify(data[field]);
    }
  }
  form.arguments = JSON.stringify(data.arguments ?? []);
  form.keywords = Object.keys(data.keywords ?? {}).length ? JSON.stringify(data.keywords) : "";
  form.test_points = data.test_points == null ? "" : JSON.stringify(data.test_points);
  form.files = fileForms(data.files);
  form.answer_files = fileForms(data.answer_files);
  return form;
}

/** Whether what is expected is JSON, not a text. */
function hasJsonResult(kind: Kind): boolean {
  return kind === "call" || kind === "sql";
}

/** Return the payload. Errors for texts that are not JSON are added to `errors`, under `cases.INDEX.FIELD`. */
export function casePayload(form: CaseForm, index: number, errors: FieldErrors): CasePayload {
  const json = (field: Expectation | "arguments" | "keywords" | "test_points", example: string) => {
    try {
      return parseExactly(form[field]);
    } catch {
      errors[`cases.${index}.${field}`] = [`Must be JSON, such as ${example}.`];
      return undefined;
    }
  };
  const common = { name: form.name, points: parseNumber(form.points), hidden: form.hidden };
  const compared = { checker: form.checker, ...(form.checker === "tolerance" && tolerances(form)) };
  const checked = {
    ...(form.answer_files.length > 0 && { answer_files: fileContents(form.answer_files) }),
    ...compared,
  };
  let ofKind: object;
  switch (form.kind) {
    case "call":
      ofKind = {
        function: form.function,
        arguments: form.arguments.trim() ? json("arguments", '[2, "text"]') : [],
        ...(form.keywords.trim() && { keywords: json("keywords", '{"start": 1}') }),
        [form.expectation]: json(form.expectation, EXAMPLES[form.expectation]),
        ...checked,
      };
      break;
    case "stdin":
      ofKind = {
        input: form.input,
        ...(keepsStoredInput(form) && { input_digest: form.stored_input?.digest }),
        expected: form.expected,
        ...checked,
      };
      break;
    case "stdout":
      ofKind = { code: form.code, expected: form.expected, ...checked };
      break;
    case "unittest":
      ofKind = {
        code: form.code,
        ...(form.module.trim() && { module: form.module.trim() }),
        ...(form.test_points.trim() && {
          test_points: json("test_points", '"even" or {"Test.test_small": 2}'),
        }),
        files: fileContents(form.files),
        answer_files: fileContents(form.answer_files),
      };
      break;
    case "sql":
      ofKind = {
        setup: form.setup,
        query: form.query,
        expected: json("expected", '{"columns": ["name"], "rows": [["Ada"]]}'),
        ordered: form.ordered,
        column_names: form.column_names,
        ...compared,
      };
  }
  return { kind: form.kind, ...common, ...ofKind } as CasePayload;
}

/** Return whether the large input is kept, since its beginning was not edited. */
export function keepsStoredInput({ input, stored_input }: CaseForm): boolean {
  return stored_input?.beginning === input;
}

function tolerances(form: CaseForm): object {
  const typed = TOLERANCES.map((field) => [field, parseNumber(form[field])] as const);
  return Object.fromEntries(typed.filter(([, number]) => number !== undefined));
}

/** Return the number in a text. Any other text is sent as it is, and the API responds with an error for it. */
export function parseNumber(text: string): number | undefined {
  if (text.trim() === "") {
    return undefined;
  }
  const number = Number(text);
  return Number.isNaN(number) ? (text as unknown as number) : number;
}

export function fileForms(files: unknown): FileForm[] {
  return Object.entries((files ?? {}) as Record<string, FileContent>).map(([name, content]) => ({
    key: newKey(),
    name,
    ...(typeof content === "string" ? { content } : { content: "", base64: content.base64 }),
  }));
}

export function fileContents(files: FileForm[]): Record<string, FileContent> {
  return Object.fromEntries(
    files.map(({ name, content, base64 }) => [name, base64 === undefined ? content : { base64 }]),
  );
}
