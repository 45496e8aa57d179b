import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import type { ScoreData } from "../../../api/schema";
import { formatDateTime } from "../../../components/format";
import { Loaded } from "../../../components/Loaded";
import { ModalDialog } from "../../../components/ModalDialog";
import { scoreQuery } from "../../../queries/scores";
import { ScoreHistory } from "../ScoreHistory";
import { OverrideForm } from "./OverrideForm";

interface Props {
  userId: number;
  learner: string;
  exerciseId: number;
  exercise: string;
  onChanged: (score: ScoreData) => void;
  onClose: () => void;
}

/** A score, its history, and a form to override it. */
export function ScoreDialog({ userId, learner, exerciseId, exercise, onChanged, onClose }: Props) {
  const score = useQuery(scoreQuery(userId, exerciseId));
  return (
    <ModalDialog title={`${learner}: ${exercise}`} onClose={onClose}>
      <Loaded query={score} lines={3}>
        {(found) => (
          <>
            {found ? (
              <p>
                <strong>{found.score.correct ? "Solved" : "Not solved"}</strong>
                {found.score.points !== null && `, ${found.score.points} of ${found.score.max_points} points`}
                {`, last changed ${formatDateTime(found.score.updated_at)}.`}
              </p>
            ) : (
              <p>No score yet.</p>
            )}
            <OverrideForm userId={userId} exerciseId={exerciseId} found={found} onChanged={onChanged} />
          </>
        )}
      </Loaded>
      <section className="stack tight" aria-labelledby="history-heading">
        <h3 id="history-heading">History</h3>
        <ScoreHistory userId={userId} exerciseId={exerciseId} />
      </section>
      <p className="row">
        <Link to={`/teach/learners/${userId}`}>All scores of {learner}</Link>
        <Link to={`/teach/exercises/${exerciseId}/statistics`}>Exercise statistics</Link>
      </p>
    </ModalDialog>
  );
}
