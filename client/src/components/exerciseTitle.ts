import type { ExerciseData } from "../api/schema";

/** Return the title of an exercise, or else the first line of its text without Markdown. */
export function exerciseTitle({
  title,
  exercise_body,
}: Pick<ExerciseData, "title" | "exercise_body">): string {
  if (title) {
    return title;
  }
  const firstLine = exercise_body.split("\n").find((line) => line.trim() !== "") ?? "Exercise";
  return firstLine
    .replace(/^#+\s*/, "")
    .replace(/[`*]/g, "")
    .trim();
}
