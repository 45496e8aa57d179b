import { Link } from "react-router";
import type { ExerciseData } from "../../api/schema";
import { exerciseTitle } from "../../components/exerciseTitle";
import { plural } from "../../components/format";
import styles from "./ExerciseRow.module.css";
import type { Status } from "./filterExercises";

interface Props {
  exercise: ExerciseData;
  /** The titles of its languages. */
  languages: string[];
  /** Undefined if nobody is logged in. */
  status: Status | undefined;
}

const STATUSES = {
  solved: { label: "Solved", className: styles.solved },
  attempted: { label: "Attempted", className: styles.attempted },
  new: { label: "", className: "" },
};

export function ExerciseRow({ exercise, languages, status }: Props) {
  const { label, className } = STATUSES[status ?? "new"];
  return (
    <li>
      <Link to={`/exercises/${exercise.id}`} className={`${styles.row} ${className}`}>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <circle cx="12" cy="12" r="10" />
          {status === "solved" && <path d="M7 12.5l3.5 3.5L17 9" />}
          {status === "attempted" && <path d="M8 12h8" />}
        </svg>
        <span className={styles.title}>{exerciseTitle(exercise)}</span>
        <span className={styles.facts}>
          {label && <span className={styles.status}>{label}</span>}
          <span>{languages.join(", ")}</span>
          <span>{plural(exercise.max_points, "point")}</span>
        </span>
      </Link>
    </li>
  );
}
