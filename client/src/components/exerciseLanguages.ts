/** The languages of an exercise: its default one, and others that learners may choose. */

import type { ExerciseData } from "../api/schema";

type Languages = Pick<ExerciseData, "language" | "languages">;

/** Return the names of all languages, the default one first. */
export function languagesOf({ language, languages }: Languages): string[] {
  return [language, ...Object.keys(languages)];
}

/** Return what the learner starts with in a language. */
export function starterIn(exercise: Languages & Pick<ExerciseData, "starter">, language: string): string {
  const starter = language === exercise.language ? exercise.starter : exercise.languages[language]?.starter;
  return starter ?? "";
}

/** Return the limits of each test case in a language. */
export function limitsIn(
  { limits, languages }: Languages & Pick<ExerciseData, "limits">,
  language: string,
): Pick<ExerciseData["limits"], "cpu_ms" | "memory_bytes"> {
  const { cpu_factor, memory_factor } = languages[language] ?? { cpu_factor: 1, memory_factor: 1 };
  return {
    cpu_ms: limits.cpu_ms && Math.round(limits.cpu_ms * cpu_factor),
    memory_bytes: limits.memory_bytes && Math.round(limits.memory_bytes * memory_factor),
  };
}
