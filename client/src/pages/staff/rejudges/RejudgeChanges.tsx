import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { Link } from "react-router";
import type { ChangeData, RejudgeData } from "../../../api/schema";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { plural } from "../../../components/format";
import { learnerName } from "../../../components/learnerName";
import { ScrollableTable } from "../../../components/ScrollableTable";
import { Skeleton } from "../../../components/Skeleton";
import { rejudgeChangesQuery } from "../../../queries/rejudges";
import { countDirections, type Direction, describeResult, directionOf } from "./changeDirection";

const ROWS = 50;
/** More than this nobody reads, and counting need not be to the last one: the rest is read when asked. */
const MAX_PREFETCHED_PAGES = 10;

interface Props {
  rejudge: RejudgeData;
  /** What can be decided, once it is known how many scores it is about. */
  children: (count: number) => ReactNode;
}

/** The difference that a rejudge makes: counted first, then learner by learner. */
export function RejudgeChanges({ rejudge, children }: Props) {
  const read = useInfiniteQuery(rejudgeChangesQuery(rejudge.id));
  const [page, setPage] = useState(0);
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = read;
  const pagesRead = data?.pages.length ?? 0;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError && pagesRead < MAX_PREFETCHED_PAGES) {
      fetchNextPage();
    }
  }, [hasNextPage, isFetching, isError, pagesRead, fetchNextPage]);

  if (data === undefined) {
    return read.error ? (
      <ErrorNotice error={read.error} onRetry={() => read.refetch()} />
    ) : (
      <Skeleton lines={6} />
    );
  }
  const changes = data.pages.flatMap((one) => one.data.changes);
  const counts = countDirections(changes);
  const shown = changes.slice(page * ROWS, (page + 1) * ROWS);
  const pages = Math.ceil(changes.length / ROWS);
  const would = rejudge.state === "ready" ? "would change" : "differed";
  return (
    <>
      <section className="card stack" aria-labelledby="difference-heading">
        <h2 id="difference-heading">The difference</h2>
        {changes.length === 0 ? (
          <p>No score {would === "differed" ? "differed" : "would change"}.</p>
        ) : (
          <>
            <p>
              {hasNextPage ? "At least " : ""}
              {plural(changes.length, "score")} {would}:
            </p>
            <p className="row">
              <DirectionTag direction="better" count={counts.better} />
              <DirectionTag direction="worse" count={counts.worse} />
              <DirectionTag direction="other" count={counts.other} />
            </p>
          </>
        )}
        {children(changes.length)}
      </section>
      {changes.length > 0 && (
        <section className="stack" aria-labelledby="changes-heading">
          <h2 id="changes-heading">Learner by learner</h2>
          <ChangeTable changes={shown} />
          {pages > 1 && (
            <div className="row">
              <button
                type="button"
                className="button"
                disabled={page === 0}
                onClick={() => setPage(page - 1)}
              >
                Earlier ones
              </button>
              <p role="status">
                Page {page + 1} of {pages}
              </p>
              <button
                type="button"
                className="button"
                disabled={page + 1 >= pages}
                onClick={() => setPage(page + 1)}
              >
                Next ones
              </button>
            </div>
          )}
          {read.error && <ErrorNotice error={read.error} onRetry={() => fetchNextPage()} />}
          {hasNextPage && pagesRead >= MAX_PREFETCHED_PAGES && (
            <div>
              <button type="button" className="button" onClick={() => fetchNextPage()}>
                Read more changes
              </button>
            </div>
          )}
        </section>
      )}
    </>
  );
}

const TAGS: Record<Direction, readonly [string, string]> = {
  better: ["tag good", "better"],
  worse: ["tag bad", "worse"],
  other: ["tag", "otherwise"],
};

function DirectionTag({ direction, count }: { direction: Direction; count?: number }) {
  const [style, word] = TAGS[direction];
  return <span className={style}>{count === undefined ? word : `${count.toLocaleString()} ${word}`}</span>;
}

function ChangeTable({ changes }: { changes: ChangeData[] }) {
  return (
    <ScrollableTable label="Changes">
      <table className="stacking">
        <thead>
          <tr>
            <th scope="col">Learner</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
            <th scope="col">Which is</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <tr key={change.score_id}>
              <th scope="row">
                <Link to={`/teach/learners/${change.user_id}`}>
                  {learnerName(change.user_id, change.username)}
                </Link>
              </th>
              <td data-column="Before">{describeResult(change.before)}</td>
              <td data-column="After">{describeResult(change.after)}</td>
              <td data-column="Which is">
                <DirectionTag direction={directionOf(change)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollableTable>
  );
}
