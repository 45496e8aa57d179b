import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { exerciseTitle } from "../../components/exerciseTitle";
import { exerciseQuery } from "../../queries/exercises";
import styles from "./ExerciseSubtitle.module.css";

interface Props {
  exerciseId: number;
  to: string;
}

/** Which exercise a page is about, on a line that a long title does not make higher when it comes. */
export function ExerciseSubtitle({ exerciseId, to }: Props) {
  const exercise = useQuery(exerciseQuery(exerciseId)).data;
  return (
    <p className={styles.oneLine}>
      <Link to={to}>{exercise ? exerciseTitle(exercise) : `Exercise ${exerciseId}`}</Link>
    </p>
  );
}
