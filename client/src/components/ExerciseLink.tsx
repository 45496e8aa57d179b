import { Link } from "react-router";
import type { ExerciseData } from "../api/schema";
import { exerciseTitle } from "./exerciseTitle";

interface Props {
  exerciseId: number;
  exercises: ExerciseData[] | undefined;
}

/** What an exercise is called, and the way to it; the number of one that is in no catalogue here. */
export function ExerciseLink({ exerciseId, exercises }: Props) {
  const exercise = exercises?.find(({ id }) => id === exerciseId);
  return exercise ? (
    <Link to={`/exercises/${exerciseId}`}>{exerciseTitle(exercise)}</Link>
  ) : (
    `Exercise ${exerciseId}`
  );
}
