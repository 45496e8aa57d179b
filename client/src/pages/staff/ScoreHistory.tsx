import { useInfiniteQuery, useQueries, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { UserChangeData } from "../../api/schema";
import { ErrorNotice } from "../../components/ErrorNotice";
import { ExerciseLink } from "../../components/ExerciseLink";
import { formatDateTime } from "../../components/format";
import { ScrollableTable } from "../../components/ScrollableTable";
import { Skeleton } from "../../components/Skeleton";
import { exercisesQuery } from "../../queries/exercises";
import { scoreHistoryQuery } from "../../queries/scores";
import { userQuery } from "../../queries/users";
import { describeChange } from "./describeChange";
import styles from "./ScoreHistory.module.css";

interface Props {
  userId: number;
  /** Only the changes for this exercise. */
  exerciseId?: number;
}

/** The changes of a learner's scores: when, what, by whom and why. */
export function ScoreHistory({ userId, exerciseId }: Props) {
  const history = useInfiniteQuery(scoreHistoryQuery(userId, exerciseId));
  const exercises = useQuery({ ...exercisesQuery, enabled: exerciseId === undefined }).data;
  const entries = history.data?.pages.flatMap((page) => page.data.history);
  const recorderOf = useRecorders(entries ?? []);
  return (
    <>
      {history.error && <ErrorNotice error={history.error} onRetry={() => history.refetch()} />}
      {history.isPending && <Skeleton lines={6} />}
      {entries?.length === 0 && <p className="quiet">Nothing has been recorded yet.</p>}
      {entries && entries.length > 0 && (
        <ScrollableTable label="Changes, newest first">
          <table className="stacking">
            <thead>
              <tr>
                <th scope="col">Date</th>
                {exerciseId === undefined && <th scope="col">Exercise</th>}
                <th scope="col">Change</th>
                <th scope="col" className="number">
                  Points
                </th>
                <th scope="col">By</th>
                <th scope="col">Reason</th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <Entry
                  key={entry.id}
                  entry={entry}
                  recorder={recorderOf(entry)}
                  exercise={
                    exerciseId === undefined && (
                      <ExerciseLink exerciseId={entry.exercise_id} exercises={exercises} />
                    )
                  }
                />
              ))}
            </tbody>
          </table>
        </ScrollableTable>
      )}
      {history.hasNextPage && (
        <div>
          <button
            type="button"
            className="button"
            aria-disabled={history.isFetching}
            onClick={() => history.fetchNextPage()}
          >
            Show more
          </button>
        </div>
      )}
    </>
  );
}

/** Return a function that names who recorded a change. Few users record changes, so each is fetched by itself. */
function useRecorders(entries: UserChangeData[]): (entry: UserChangeData) => string {
  const ids = [...new Set(entries.map(({ recorded_by }) => recorded_by))].filter((id) => id !== null);
  const users = useQueries({ queries: ids.map(userQuery) });
  const names = new Map(users.map(({ data }, index) => [ids[index], data?.username]));
  return ({ recorded_by: id }) => (id === null ? "the service" : (names.get(id) ?? `user ${id}`));
}

interface EntryProps {
  entry: UserChangeData;
  recorder: string;
  /** False if all changes are for one exercise. */
  exercise: ReactNode;
}

function Entry({ entry, recorder, exercise }: EntryProps) {
  return (
    <tr>
      <td className="when">{formatDateTime(entry.recorded_at)}</td>
      {exercise && <th scope="row">{exercise}</th>}
      <td data-column="Change">
        <span className={entry.correct ? "tag good" : "tag bad"}>
          {entry.correct ? "solved" : "not solved"}
        </span>{" "}
        {describeChange(entry)}
      </td>
      <td data-column="Points" className={entry.points === null ? "number wide-only" : "number"}>
        {entry.points === null ? "–" : `${entry.points}/${entry.max_points}`}
      </td>
      <td data-column="By" className={styles.recorder}>
        {recorder}
      </td>
      <td
        data-column="Reason"
        className={entry.reason === null ? `${styles.reason} wide-only` : styles.reason}
      >
        {entry.reason ?? "–"}
      </td>
    </tr>
  );
}
