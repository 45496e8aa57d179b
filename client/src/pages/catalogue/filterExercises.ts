import type { ExerciseData, ScoreData } from "../../api/schema";
import { languagesOf } from "../../components/exerciseLanguages";
import { exerciseTitle } from "../../components/exerciseTitle";

export type Status = "solved" | "attempted" | "new";

export function statusOf(score: ScoreData | undefined): Status {
  if (!score) {
    return "new";
  }
  return score.correct ? "solved" : "attempted";
}

export interface Filter {
  words: string;
  status: Status | "";
  language: string;
  /** The exercises of the chosen set; null for all. */
  exerciseIds: ReadonlySet<number> | null;
}

/** Return the exercises that match. Each of the words must be in the title or the text. */
export function filterExercises(
  exercises: ExerciseData[],
  scores: ReadonlyMap<number, ScoreData> | undefined,
  { words, status, language, exerciseIds }: Filter,
): ExerciseData[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return exercises.filter((exercise) => {
    const text = `${exerciseTitle(exercise)} ${exercise.exercise_body}`.toLowerCase();
    return (
      wanted.every((word) => text.includes(word)) &&
      (!status || statusOf(scores?.get(exercise.id)) === status) &&
      (!language || languagesOf(exercise).includes(language)) &&
      (!exerciseIds || exerciseIds.has(exercise.id))
    );
  });
}
