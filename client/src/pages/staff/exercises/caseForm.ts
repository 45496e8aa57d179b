/** A test case as it is typed, and as it is sent. Fields are named as in the API, so that its errors find them. */

import { parseExactly } from "../../../api/exactJson";
import type {
  CallCase,
  CaseData,
  Checker,
  ClassCase,
  Kind,
  RaisingCase,
  StdinCase,
  StdoutCase,
  UnittestCase,
} from "../../../api/schema";

export type Expectation = "expected" | "raises" | "calls";

export interface FileForm {
  key: number;
  name: string;
  content: string;
  /** Of a file that is no text: it cannot be edited here, and is kept. */
  base64?: string;
}

/** All that a case of any kind has, as text: changing the kind loses nothing that was typed. */
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
  /** Of a large input, which is read by its beginning only. */
  stored_input: { beginning: string; bytes: number; digest: string } | null;
  function: string;
  arguments: string;
  keywords: string;
  /** Of a call: what it is compared with, a value, an exception, or calls of methods. */
  expectation: Expectation;
  raises: string;
  calls: string;
  module: string;
  /** Points for single tests, as JSON. */
  test_points: string;
  files: FileForm[];
  answer_files: FileForm[];
}

const EXAMPLES: Record<Expectation, string> = {
  expected: '5, "text" or [1, 2]',
  raises: '{"type": "ValueError"}',
  calls: '[{"method": "pop", "expected": 5}]',
};

type FileContent = string | { base64: string };

const TOLERANCES = ["tolerance", "absolute_tolerance", "relative_tolerance"] as const;

export type FieldErrors = Record<string, string[]>;
export type CasePayload = CallCase | RaisingCase | ClassCase | StdinCase | StdoutCase | UnittestCase;

let lastKey = 0;

/** Return what tells a row of the form from all others, however they are moved. */
export function newKey(): number {
  lastKey += 1;
  return lastKey;
}

export function emptyCase(number: number): CaseForm {
  return {
    key: newKey(),
    name: `case ${number}`,
    kind: "call",
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
  for (const field of ["code", "input", "function", "module"] as const) {
    form[field] = String(data[field] ?? "");
  }
  if (data.input_digest != null) {
    form.stored_input = { beginning: form.input, bytes: data.input_bytes ?? 0, digest: data.input_digest };
  }
  form.checker = (data.checker as Checker | undefined) ?? "trimmed";
  for (const field of TOLERANCES) {
    form[field] = form.checker === "tolerance" && data[field] != null ? JSON.stringify(data[field]) : "";
  }
  form.expected = data.kind === "call" ? (JSON.stringify(data.expected) ?? "") : String(data.expected ?? "");
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

/** Return the case as the API takes it; what is no JSON where it must be is told in `errors`, under `cases.NUMBER.FIELD`. */
export function casePayload(form: CaseForm, number: number, errors: FieldErrors): CasePayload {
  const json = (field: Expectation | "arguments" | "keywords" | "test_points", example: string) => {
    try {
      return parseExactly(form[field]);
    } catch {
      errors[`cases.${number}.${field}`] = [`Must be JSON, such as ${example}.`];
      return undefined;
    }
  };
  const common = { name: form.name, points: typedNumber(form.points), hidden: form.hidden };
  const checked = {
    ...(form.answer_files.length > 0 && { answer_files: fileContents(form.answer_files) }),
    checker: form.checker,
    ...(form.checker === "tolerance" && typedTolerances(form)),
  };
  let own: object;
  switch (form.kind) {
    case "call":
      own = {
        function: form.function,
        arguments: form.arguments.trim() ? json("arguments", '[2, "text"]') : [],
        ...(form.keywords.trim() && { keywords: json("keywords", '{"start": 1}') }),
        [form.expectation]: json(form.expectation, EXAMPLES[form.expectation]),
        ...checked,
      };
      break;
    case "stdin":
      own = {
        input: form.input,
        ...(keepsStoredInput(form) && { input_digest: form.stored_input?.digest }),
        expected: form.expected,
        ...checked,
      };
      break;
    case "stdout":
      own = { code: form.code, expected: form.expected, ...checked };
      break;
    case "unittest":
      own = {
        code: form.code,
        ...(form.module.trim() && { module: form.module.trim() }),
        ...(form.test_points.trim() && {
          test_points: json("test_points", '"even" or {"Test.test_small": 2}'),
        }),
        files: fileContents(form.files),
        answer_files: fileContents(form.answer_files),
      };
  }
  return { kind: form.kind, ...common, ...own } as CasePayload;
}

/** Whether the large input stays: nothing was typed over its beginning. */
export function keepsStoredInput({ input, stored_input }: CaseForm): boolean {
  return stored_input?.beginning === input;
}

function typedTolerances(form: CaseForm): object {
  const typed = TOLERANCES.map((field) => [field, typedNumber(form[field])] as const);
  return Object.fromEntries(typed.filter(([, number]) => number !== undefined));
}

/** Return the number that was typed; what is none goes as it is, and the service says what is wrong with it. */
export function typedNumber(text: string): number | undefined {
  if (text.trim() === "") {
    return undefined;
  }
  const number = Number(text);
  return Number.isNaN(number) ? (text as unknown as number) : number;
}

function fileForms(files: unknown): FileForm[] {
  return Object.entries((files ?? {}) as Record<string, FileContent>).map(([name, content]) => ({
    key: newKey(),
    name,
    ...(typeof content === "string" ? { content } : { content: "", base64: content.base64 }),
  }));
}

function fileContents(files: FileForm[]): Record<string, FileContent> {
  return Object.fromEntries(
    files.map(({ name, content, base64 }) => [name, base64 === undefined ? content : { base64 }]),
  );
}
