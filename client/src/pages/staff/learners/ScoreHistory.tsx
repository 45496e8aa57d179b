import { useInfiniteQuery, useQueries, useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import type { UserChangeData } from "../../../api/schema";
import { Notice } from "../../../components/Notice";
import { Scrolled } from "../../../components/Scrolled";
import { Skeleton } from "../../../components/Skeleton";
import { dayAndTime } from "../../../components/units";
import { exercisesQuery } from "../../exercises/queries";
import { exerciseNames } from "../nameOf";
import { happening } from "./happening";
import { historyQuery, userQuery } from "./queries";

interface Props {
  userId: number;
  /** Of one exercise only. */
  exerciseId?: number;
}

/** The ledger's entries: what happened, when, by whom and why. */
export function ScoreHistory({ userId, exerciseId }: Props) {
  const history = useInfiniteQuery(historyQuery(userId, exerciseId));
  const nameOf = exerciseNames(useQuery({ ...exercisesQuery, enabled: exerciseId === undefined }).data);
  const entries = history.data?.pages.flatMap((page) => page.data.history);
  const recorderOf = useRecorders(entries ?? []);
  return (
    <>
      {history.error && <Notice error={history.error} onRetry={() => history.refetch()} />}
      {history.isPending && <Skeleton lines={6} />}
      {entries?.length === 0 && <p className="quiet">Nothing has been recorded yet.</p>}
      {entries && entries.length > 0 && (
        <Scrolled label="What happened, newest first">
          <table>
            <thead>
              <tr>
                <th scope="col">When</th>
                {exerciseId === undefined && <th scope="col">Exercise</th>}
                <th scope="col">What</th>
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
                  exercise={exerciseId === undefined ? nameOf(entry.exercise_id) : undefined}
                />
              ))}
            </tbody>
          </table>
        </Scrolled>
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

/** Return who recorded an entry: his name once it is known. They are few, so each is asked for once. */
function useRecorders(entries: UserChangeData[]): (entry: UserChangeData) => string {
  const ids = [...new Set(entries.map(({ recorded_by }) => recorded_by))].filter((id) => id !== null);
  const users = useQueries({ queries: ids.map(userQuery) });
  const names = new Map(users.map(({ data }, index) => [ids[index], data?.username]));
  return ({ recorded_by: id }) => (id === null ? "the service" : (names.get(id) ?? `user ${id}`));
}

interface EntryProps {
  entry: UserChangeData;
  recorder: string;
  exercise: string | undefined;
}

function Entry({ entry, recorder, exercise }: EntryProps) {
  return (
    <tr>
      <td className="when">{dayAndTime(entry.recorded_at)}</td>
      {exercise !== undefined && (
        <th scope="row">
          <Link to={`/exercises/${entry.exercise_id}`}>{exercise}</Link>
        </th>
      )}
      <td>
        <span className={entry.correct ? "tag good" : "tag bad"}>
          {entry.correct ? "solved" : "not solved"}
        </span>{" "}
        {happening(entry)}
      </td>
      <td className="number">{entry.points === null ? "–" : `${entry.points}/${entry.max_points}`}</td>
      <td className="recorder">{recorder}</td>
      <td className="reason">{entry.reason ?? "–"}</td>
    </tr>
  );
}
