import { expect, test } from "vitest";
import type { LanguageData } from "../../../api/schema";
import { emptyCase } from "./caseForm";
import { emptyExercise } from "./exerciseForm";
import {
  changedLanguage,
  commonLanguage,
  defaultKind,
  emptyLanguage,
  furtherOptions,
  languageOptions,
} from "./languageChoice";

const python: LanguageData = {
  name: "python",
  title: "Python",
  suffix: ".py",
  kinds: ["call", "stdin", "stdout", "unittest"],
  cpu_factor: 1,
  memory_factor: 1,
  has_files: true,
  available: true,
  version: "Python 3.11.2",
  isolation_level: 3,
  missing: null,
  install: {},
};
const c: LanguageData = { ...python, name: "c", title: "C", suffix: ".c", kinds: ["stdin"] };
const go: LanguageData = { ...c, name: "go", title: "Go", available: false, missing: "go is not installed." };

test("an author can choose the languages that are available", () => {
  expect(languageOptions([c, go, python], "python")).toEqual([
    ["c", "C"],
    ["python", "Python"],
  ]);
});

test("an exercise keeps its language if that is not available, or not known yet", () => {
  expect(languageOptions([c, go], "go")).toEqual([
    ["c", "C"],
    ["go", "Go (not available)"],
  ]);
  expect(languageOptions(undefined, "go")).toEqual([["go", "go"]]);
});

test("a new test case has a kind of its language", () => {
  expect([python, c, undefined].map(defaultKind)).toEqual(["call", "stdin", "call"]);
});

test("with another language, test cases get another kind only if theirs does not exist there", () => {
  const cases = [emptyCase(1), { ...emptyCase(2), kind: "stdin" as const, input: "1" }];
  const form = { ...emptyExercise(), cases };
  const changed = changedLanguage(form, c);
  expect(changed.language).toBe("c");
  expect(changed.cases).toEqual([{ ...cases[0], kind: "stdin" }, cases[1]]);
  expect(changedLanguage(form, python).cases).toEqual(cases);
});

test("a default language that learners could choose changes places with the former one", () => {
  const inC = { ...emptyLanguage("c"), starter: "int main", reference_solution: "main", cpu_factor: "0.5" };
  const form = { ...emptyExercise(), starter: "def", reference_solution: "add", languages: [inC] };
  expect(changedLanguage(form, c)).toMatchObject({
    language: "c",
    starter: "int main",
    reference_solution: "main",
    languages: [{ ...emptyLanguage("python"), starter: "def", reference_solution: "add" }],
  });
  expect(changedLanguage(form, go)).not.toHaveProperty("languages");
});

test("an author can add the languages that are available and not there yet", () => {
  const form = { ...emptyExercise(), languages: [] };
  expect(furtherOptions([c, go, python], form)).toEqual([["c", "C"]]);
  expect(furtherOptions([c, go, python], { ...form, languages: [emptyLanguage("c")] })).toEqual([]);
  expect(furtherOptions(undefined, form)).toEqual([]);
});

test("with several languages, test cases have the kinds that all of them have", () => {
  const form = emptyExercise();
  expect(commonLanguage([python, c], form)?.kinds).toEqual(python.kinds);
  expect(commonLanguage([python, c], { ...form, languages: [emptyLanguage("c")] })?.kinds).toEqual(["stdin"]);
  expect(commonLanguage(undefined, form)).toBeUndefined();
});
