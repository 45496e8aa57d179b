/** An exercise as a form of texts, and as the API's payload. */

import type { ExerciseData, GivenLanguage, GivenLimits, Grading, Policy } from "../../../api/schema";
import {
  type CaseForm,
  type CasePayload,
  caseForm,
  casePayload,
  emptyCase,
  type FieldErrors,
  type FileContent,
  type FileForm,
  fileContents,
  fileForms,
  parseNumber,
} from "./caseForm";

const KIB = 1024;
const MIB = KIB * KIB;

/** How many of the API's units make one of the form's. */
const UNITS = { cpu_ms: 1, wall_ms: 1, memory_bytes: MIB, output_bytes: KIB } as const;
export type Limit = keyof typeof UNITS;
const LIMITS = Object.keys(UNITS) as Limit[];

/** The payload: with test cases, or else with a pair of texts, which the type generated from OpenAPI cannot express. */
export interface ExercisePayload {
  exercise_body: string;
  title: string | null;
  slug: string | null;
  language: string;
  languages: Record<string, GivenLanguage>;
  policy: Policy;
  shared_sandbox: boolean;
  stop_after_time_limits?: number;
  limits: GivenLimits;
  starter: string | null;
  reference_solution: string | null;
  support_files: Record<string, FileContent>;
  cases?: CasePayload[];
  test_code?: string;
  test_code_solution?: string;
  grading?: Grading;
}

/** A language that learners may choose in place of the default one. */
export interface LanguageForm {
  name: string;
  starter: string;
  reference_solution: string;
  cpu_factor: string;
  memory_factor: string;
}

export interface ExerciseForm {
  title: string;
  slug: string;
  exercise_body: string;
  language: string;
  languages: LanguageForm[];
  policy: Policy;
  shared_sandbox: boolean;
  stop_after_time_limits: string;
  limits: Record<Limit, string>;
  cases: CaseForm[];
  starter: string;
  reference_solution: string;
  support_files: FileForm[];
  /** Only for an exercise without test cases: code, its expected output, and who grades. */
  test_code: string;
  test_code_solution: string;
  grading: Grading;
}

/** The props of each group of fields of the editor. */
export interface FieldGroupProps {
  form: ExerciseForm;
  errors: FieldErrors;
  /** Merge these values into the form. */
  onChange: (changed: Partial<ExerciseForm>) => void;
}

export function emptyExercise(): ExerciseForm {
  return {
    title: "",
    slug: "",
    exercise_body: "",
    language: "python",
    languages: [],
    policy: "best",
    shared_sandbox: false,
    stop_after_time_limits: "",
    limits: { cpu_ms: "", wall_ms: "", memory_bytes: "", output_bytes: "" },
    cases: [emptyCase(1)],
    starter: "",
    reference_solution: "",
    support_files: [],
    test_code: "",
    test_code_solution: "",
    grading: "server",
  };
}

export function exerciseForm(data: ExerciseData): ExerciseForm {
  const limits = { ...emptyExercise().limits };
  for (const limit of LIMITS) {
    const given = data.limits[limit];
    limits[limit] = given === undefined ? "" : String(given / UNITS[limit]);
  }
  // The API also returns the pair of test code and solution as a test case.
  const hasPair = Boolean(data.test_code);
  return {
    title: data.title ?? "",
    slug: data.slug ?? "",
    exercise_body: data.exercise_body,
    language: data.language,
    languages: Object.entries(data.languages).map(([name, given]) => ({
      name,
      starter: given.starter ?? "",
      reference_solution: given.reference_solution ?? "",
      cpu_factor: numberText(given.cpu_factor),
      memory_factor: numberText(given.memory_factor),
    })),
    policy: data.policy,
    shared_sandbox: data.shared_sandbox ?? false,
    stop_after_time_limits: String(data.stop_after_time_limits ?? ""),
    limits,
    cases: hasPair ? [] : data.cases.map(caseForm),
    starter: data.starter ?? "",
    reference_solution: data.reference_solution ?? "",
    support_files: fileForms(data.support_files),
    test_code: data.test_code ?? "",
    test_code_solution: data.test_code_solution ?? "",
    grading: data.grading,
  };
}

/** Return a number as a text. It may be an object that keeps how it was written: see api/exactJson. */
function numberText(number: number): string {
  return String(Number(JSON.stringify(number)));
}

/** Return the payload, and errors for texts that are not JSON, which are left out of it. */
export function exercisePayload(form: ExerciseForm): { payload: ExercisePayload; errors: FieldErrors } {
  const errors: FieldErrors = {};
  const limits: GivenLimits = {};
  for (const limit of LIMITS) {
    const value = parseNumber(form.limits[limit]);
    if (value !== undefined) {
      limits[limit] = typeof value === "number" ? Math.round(value * UNITS[limit]) : value;
    }
  }
  const grading =
    form.cases.length > 0
      ? { cases: form.cases.map((testCase, index) => casePayload(testCase, index, errors)) }
      : {
          test_code: form.test_code,
          test_code_solution: form.test_code_solution,
          grading: form.grading,
        };
  const stopAfter = parseNumber(form.stop_after_time_limits);
  const payload = {
    exercise_body: form.exercise_body,
    title: form.title.trim() || null,
    slug: form.slug.trim() || null,
    language: form.language,
    languages: Object.fromEntries(form.languages.map((one) => [one.name, languagePayload(one)])),
    policy: form.policy,
    shared_sandbox: form.shared_sandbox,
    ...(stopAfter === undefined ? {} : { stop_after_time_limits: stopAfter }),
    limits,
    starter: form.starter || null,
    reference_solution: form.reference_solution || null,
    support_files: fileContents(form.support_files),
    ...grading,
  };
  return { payload, errors };
}

function languagePayload(form: LanguageForm): GivenLanguage {
  const payload: GivenLanguage = {
    starter: form.starter || null,
    reference_solution: form.reference_solution || null,
  };
  for (const name of ["cpu_factor", "memory_factor"] as const) {
    const factor = parseNumber(form[name]);
    if (factor !== undefined) {
      payload[name] = factor;
    }
  }
  return payload;
}

/** Return the errors of a field and of the fields inside it. */
export function errorsAt(errors: FieldErrors, field: string): string[] | undefined {
  const messages = Object.entries(errors)
    .filter(([path]) => path === field || path.startsWith(`${field}.`))
    .flatMap(([, found]) => found);
  return messages.length > 0 ? messages : undefined;
}

/** Return a copy of the list with one item moved up (-1) or down (1). */
export function movedItem<Item>(items: Item[], from: number, by: -1 | 1): Item[] {
  const to = from + by;
  const item = items[from];
  if (item === undefined || to < 0 || to >= items.length) {
    return items;
  }
  const rest = items.toSpliced(from, 1);
  return rest.toSpliced(to, 0, item);
}
