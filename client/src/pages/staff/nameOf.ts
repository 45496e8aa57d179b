import type { ExerciseData } from "../../api/schema";
import { titleOf } from "../exercises/title";

/** Return what a learner is called; his number where the names are kept elsewhere. */
export function learnerName(userId: number, username: string | null | undefined): string {
  return username ?? `Learner ${userId}`;
}

/** Return what exercises are called, also those that are in no catalogue here. */
export function exerciseNames(exercises: ExerciseData[] | undefined): (id: number) => string {
  const titles = new Map(exercises?.map((exercise) => [exercise.id, titleOf(exercise)]));
  return (id) => titles.get(id) ?? `Exercise ${id}`;
}
