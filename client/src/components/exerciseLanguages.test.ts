import { expect, test } from "vitest";
import type { ExerciseData } from "../api/schema";
import { languagesOf, limitsIn, starterIn } from "./exerciseLanguages";

const exercise = {
  language: "python",
  starter: "def add(): ...",
  limits: { cpu_ms: 1000, wall_ms: 3000, memory_bytes: 2 ** 20, output_bytes: 10 },
  languages: {
    java: { starter: "class Main {}", cpu_factor: 2.5, memory_factor: 2 },
    c: { starter: null, cpu_factor: 1, memory_factor: 1 },
  },
} as unknown as ExerciseData;

test("the default language is the first of all", () => {
  expect(languagesOf(exercise)).toEqual(["python", "java", "c"]);
  expect(languagesOf({ ...exercise, languages: {} })).toEqual(["python"]);
});

test("each language has its own starter, which may be missing", () => {
  expect(["python", "java", "c"].map((name) => starterIn(exercise, name))).toEqual([
    "def add(): ...",
    "class Main {}",
    "",
  ]);
});

test("the limits of a language are those of the exercise times its factors", () => {
  expect(limitsIn(exercise, "python")).toEqual({ cpu_ms: 1000, memory_bytes: 2 ** 20 });
  expect(limitsIn(exercise, "java")).toEqual({ cpu_ms: 2500, memory_bytes: 2 ** 21 });
});
