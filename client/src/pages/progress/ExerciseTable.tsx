import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { ExerciseLink } from "../../components/ExerciseLink";
import { formatDateTime } from "../../components/format";
import { Loaded } from "../../components/Loaded";
import { ScrollableTable } from "../../components/ScrollableTable";
import { exercisesQuery } from "../../queries/exercises";
import { ownScoresQuery } from "../../queries/scores";

/** The user's score for each exercise they attempted, the latest first. */
export function ExerciseTable({ token }: { token: string }) {
  const scores = useQuery(ownScoresQuery(token));
  const exercises = useQuery(exercisesQuery).data;
  return (
    <section className="stack" aria-labelledby="by-exercise">
      <h2 id="by-exercise">By exercise</h2>
      <Loaded query={scores}>
        {(scoresByExercise) =>
          scoresByExercise.size === 0 ? (
            <p className="quiet">
              Nothing yet. <Link to="/">Choose an exercise</Link> to start.
            </p>
          ) : (
            <ScrollableTable label="Table of exercises">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Exercise</th>
                    <th scope="col">Status</th>
                    <th scope="col" className="number">
                      Points
                    </th>
                    <th scope="col" className="number wide-only">
                      Attempts
                    </th>
                    <th scope="col">Updated</th>
                  </tr>
                </thead>
                <tbody>
                  {[...scoresByExercise.values()]
                    .sort((a, b) => b.updated_at.localeCompare(a.updated_at))
                    .map((score) => (
                      <tr key={score.id}>
                        <th scope="row">
                          <ExerciseLink exerciseId={score.exercise_id} exercises={exercises} />
                        </th>
                        <td>
                          <span className={`tag ${score.correct ? "good" : "warn"}`}>
                            {score.correct ? "Solved" : "Attempted"}
                          </span>
                        </td>
                        <td className="number">
                          {score.points === null ? "" : `${score.points}/${score.max_points}`}
                        </td>
                        <td className="number wide-only">{score.attempts || ""}</td>
                        <td className="when">{formatDateTime(score.updated_at)}</td>
                      </tr>
                    ))}
                </tbody>
              </table>
            </ScrollableTable>
          )
        }
      </Loaded>
    </section>
  );
}
