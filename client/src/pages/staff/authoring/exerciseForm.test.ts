import { expect, test } from "vitest";
import { parseExactly } from "../../../api/exactJson";
import type { ExerciseData } from "../../../api/schema";
import { caseForm, emptyCase } from "./caseForm";
import { emptyExercise, errorsAt, exerciseForm, exercisePayload, movedItem } from "./exerciseForm";

const CASES = [
  {
    name: "call",
    kind: "call",
    points: 3,
    hidden: true,
    function: "mean",
    arguments: [[1, 2], null],
    keywords: { exact: false },
    expected: [1.5, "text"],
    checker: "tolerance",
    tolerance: 1e-9,
    absolute_tolerance: 0.5,
    relative_tolerance: 0,
  },
  {
    name: "exception",
    kind: "call",
    points: 1,
    hidden: false,
    function: "mean",
    arguments: [[]],
    raises: { type: "ValueError", message: "nothing" },
    checker: "regex",
  },
  {
    name: "class",
    kind: "call",
    points: 1,
    hidden: false,
    function: "Stack",
    arguments: [{ $set: [1] }],
    calls: [
      { method: "push", arguments: [1], keywords: {} },
      { method: "pop", arguments: [], keywords: {}, expected: null },
    ],
    checker: "case_insensitive",
  },
  {
    name: "stdin",
    kind: "stdin",
    points: 0,
    hidden: false,
    input: "2 3\n",
    expected: "5\n",
    checker: "tokens",
  },
  {
    name: "stdout",
    kind: "stdout",
    points: 1,
    hidden: false,
    code: "print(1)",
    expected: "1",
    checker: "exact",
    answer_files: { "words.txt": "a\n", "image.png": { base64: "iVBORw0KGgo=" } },
  },
  {
    name: "module",
    kind: "unittest",
    points: 5,
    hidden: false,
    code: "import unittest",
    module: "adder",
    test_points: { "Test.test_small": 5 },
    files: { "numbers.py": "N = 1\n" },
    answer_files: {},
  },
  {
    name: "database",
    kind: "sql",
    points: 1,
    hidden: false,
    setup: "CREATE TABLE people (name TEXT);",
    query: "SELECT * FROM people",
    expected: { columns: ["name"], rows: [["Ada"], [null]] },
    ordered: false,
    column_names: true,
    checker: "trimmed",
  },
];

const EXERCISE = {
  id: 1,
  title: "Mean",
  slug: "mean",
  exercise_body: "Write `mean`.",
  language: "python",
  languages: {
    java: { starter: "class Main {}", reference_solution: null, cpu_factor: 2.5, memory_factor: 1 },
  },
  policy: "latest",
  shared_sandbox: true,
  stop_after_time_limits: 5,
  limits: { cpu_ms: 500, wall_ms: 1500, memory_bytes: 268_435_456, output_bytes: 1000 },
  cases: CASES,
  starter: "def mean(): pass\n",
  support_files: { "words.txt": "a\n", "i.png": { base64: "iVBORw0KGgo=" } },
  reference_solution: null,
  grading: "server",
  test_code: "",
  test_code_solution: "",
} as unknown as ExerciseData;

test("an exercise that is opened and saved without edits stays the same, with test cases of every kind", () => {
  const { payload, errors } = exercisePayload(exerciseForm(EXERCISE));
  const { id, grading, test_code, test_code_solution, ...kept } = EXERCISE;
  expect(errors).toEqual({});
  expect(payload).toEqual(kept);
});

test("a payload has the fields of its kind, and nothing that was typed for another kind", () => {
  const form = {
    ...emptyCase(1),
    kind: "stdin" as const,
    input: "1",
    expected: "2",
    code: "print(3)",
    function: "f",
  };
  const { payload } = exercisePayload({ ...emptyExercise(), cases: [form] });
  expect(payload.cases).toEqual([
    {
      name: "case 1",
      kind: "stdin",
      points: 1,
      hidden: false,
      input: "1",
      expected: "2",
      checker: "trimmed",
    },
  ]);
});

test("a factor that is empty is left to the service, and a text that is no number too", () => {
  const languages = [
    { name: "c", starter: "", reference_solution: "main", cpu_factor: "", memory_factor: "much" },
  ];
  const { payload } = exercisePayload({ ...emptyExercise(), languages });
  expect(payload.languages).toEqual({
    c: { starter: null, reference_solution: "main", memory_factor: "much" },
  });
});

test("a large input is kept until its beginning is edited", () => {
  const digest = "0".repeat(64);
  const stored = {
    name: "large",
    kind: "stdin" as const,
    points: 1,
    hidden: false,
    input: "1\n",
    expected: "2",
  };
  const form = caseForm({ ...stored, input_bytes: 100_000, input_digest: digest });
  const sent = (one: typeof form) => exercisePayload({ ...emptyExercise(), cases: [one] }).payload.cases?.[0];
  expect(sent(form)).toMatchObject({ input: "1\n", input_digest: digest });
  expect(sent({ ...form, input: "3\n" })).not.toHaveProperty("input_digest");
});

test("a text that is not JSON is an error of its field, and a text that is not a number is left to the API", () => {
  const form = { ...emptyCase(1), arguments: "[1,", expected: "five", points: "many" };
  const { payload, errors } = exercisePayload({ ...emptyExercise(), cases: [emptyCaseReady(), form] });
  expect(Object.keys(errors)).toEqual(["cases.1.arguments", "cases.1.expected"]);
  expect(payload.cases?.[1]?.points).toBe("many");
  expect(errorsAt(errors, "cases.1")).toHaveLength(2);
  expect(errorsAt(errors, "cases.10")).toBeUndefined();
});

test("without test cases the payload has the pair of test code and solution, and who grades", () => {
  const form = {
    ...emptyExercise(),
    cases: [],
    test_code: "print(1)",
    test_code_solution: "1",
    grading: "self" as const,
  };
  const { payload } = exercisePayload(form);
  expect(payload).toMatchObject({ test_code: "print(1)", test_code_solution: "1", grading: "self" });
  expect(payload).not.toHaveProperty("cases");
});

// Node has JSON.rawJSON since version 21, browsers since 2023 to 2025.
test.runIf("rawJSON" in JSON)("a large integer keeps all its digits", () => {
  const written = '{"expected":15511210043330985984000000,"arguments":[25,1.50]}';
  expect(JSON.stringify(parseExactly(written))).toBe(written);
  const data = {
    ...CASES[0],
    ...(parseExactly(written) as object),
  } as unknown as ExerciseData["cases"][number];
  expect(caseForm(data).expected).toBe("15511210043330985984000000");
});

test.runIf("rawJSON" in JSON)("a factor with a fraction of zero is shown as an integer", () => {
  const factors = parseExactly('{"cpu_factor":1.0,"memory_factor":2.50}') as object;
  const data = { ...EXERCISE, languages: { c: { starter: null, ...factors } } } as unknown as ExerciseData;
  expect(exerciseForm(data).languages[0]).toMatchObject({ cpu_factor: "1", memory_factor: "2.5" });
});

test("an item moves by one, and not past the ends", () => {
  expect(movedItem(["a", "b", "c"], 2, -1)).toEqual(["a", "c", "b"]);
  expect(movedItem(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
  expect(movedItem(["a", "b"], 0, -1)).toEqual(["a", "b"]);
});

function emptyCaseReady() {
  return { ...emptyCase(0), expected: "null" };
}
