import { Link } from "react-router";
import type { ExerciseData } from "../../api/schema";
import { exerciseTitle } from "../../components/exerciseTitle";
import { plural } from "../../components/format";
import type { Standing } from "./filter";

interface Props {
  exercise: ExerciseData;
  /** How the one who is logged in is doing with it; undefined for nobody. */
  standing: Standing | undefined;
}

const WORDS: Record<Standing, string> = { solved: "Solved", attempted: "Tried", new: "" };

export function ExerciseRow({ exercise, standing }: Props) {
  return (
    <li>
      <Link to={`/exercises/${exercise.id}`} className={`exercise-row ${standing ?? ""}`}>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <circle cx="12" cy="12" r="10" />
          {standing === "solved" && <path d="M7 12.5l3.5 3.5L17 9" />}
          {standing === "attempted" && <path d="M8 12h8" />}
        </svg>
        <span className="exercise-title">{exerciseTitle(exercise)}</span>
        <span className="exercise-facts">
          {standing && WORDS[standing] && <span className="standing">{WORDS[standing]}</span>}
          <span>{exercise.language}</span>
          <span>{plural(exercise.max_points, "point")}</span>
        </span>
      </Link>
    </li>
  );
}
