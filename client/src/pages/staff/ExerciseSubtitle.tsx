import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { exerciseTitle } from "../../components/exerciseTitle";
import { exerciseQuery } from "../../queries/exercises";
import styles from "./ExerciseSubtitle.module.css";

interface Props {
  exerciseId: number;
  to: string;
}

/** A link to the exercise that a page is about. It takes one line, so that a long title does not move the page. */
export function ExerciseSubtitle({ exerciseId, to }: Props) {
  const exercise = useQuery(exerciseQuery(exerciseId)).data;
  return (
    <p className={styles.oneLine}>
      <Link to={to}>{exercise ? exerciseTitle(exercise) : `Exercise ${exerciseId}`}</Link>
    </p>
  );
}
