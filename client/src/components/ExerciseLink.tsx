import { Link } from "react-router";
import type { ExerciseData } from "../api/schema";
import { exerciseTitle } from "./exerciseTitle";

interface Props {
  exerciseId: number;
  exercises: ExerciseData[] | undefined;
}

/** A link to an exercise by its title, or the number of one that does not exist here. */
export function ExerciseLink({ exerciseId, exercises }: Props) {
  const exercise = exercises?.find(({ id }) => id === exerciseId);
  return exercise ? (
    <Link to={`/exercises/${exerciseId}`}>{exerciseTitle(exercise)}</Link>
  ) : (
    `Exercise ${exerciseId}`
  );
}
