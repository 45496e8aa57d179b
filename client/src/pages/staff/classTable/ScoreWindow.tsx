import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import type { ScoreData } from "../../../api/schema";
import { Loaded } from "../../../components/Loaded";
import { Modal } from "../../../components/Modal";
import { dayAndTime } from "../../../components/units";
import { scoreQuery } from "../../../queries/scores";
import { ScoreHistory } from "../learners/ScoreHistory";
import { Override } from "./Override";

interface Props {
  userId: number;
  learner: string;
  exerciseId: number;
  exercise: string;
  onChanged: (score: ScoreData) => void;
  onClose: () => void;
}

/** A score, how it came about, and the means to decide otherwise. */
export function ScoreWindow({ userId, learner, exerciseId, exercise, onChanged, onClose }: Props) {
  const score = useQuery(scoreQuery(userId, exerciseId));
  return (
    <Modal title={`${learner}: ${exercise}`} onClose={onClose}>
      <Loaded query={score} lines={3}>
        {(found) => (
          <>
            {found ? (
              <p>
                <strong>{found.score.correct ? "Solved" : "Not solved"}</strong>
                {found.score.points !== null && `, ${found.score.points} of ${found.score.max_points} points`}
                {`, last changed ${dayAndTime(found.score.updated_at)}.`}
              </p>
            ) : (
              <p>There is no score yet.</p>
            )}
            <Override userId={userId} exerciseId={exerciseId} found={found} onChanged={onChanged} />
          </>
        )}
      </Loaded>
      <section className="stack tight" aria-labelledby="history-heading">
        <h3 id="history-heading">History</h3>
        <ScoreHistory userId={userId} exerciseId={exerciseId} />
      </section>
      <p className="row">
        <Link to={`/teach/learners/${userId}`}>All about {learner}</Link>
        <Link to={`/teach/exercises/${exerciseId}/statistics`}>Statistics of the exercise</Link>
      </p>
    </Modal>
  );
}
