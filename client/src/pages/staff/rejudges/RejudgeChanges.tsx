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

const ROWS_PER_PAGE = 50;
/** So many pages of the API are read at once, to count the changes. A button reads more. */
const MAX_PREFETCHED_PAGES = 10;

interface Props {
  rejudge: RejudgeData;
  /** The actions, which depend on the number of changes. */
  children: (count: number) => ReactNode;
}

/** The scores that a rejudge changes: their number, then a table by learner. */
export function RejudgeChanges({ rejudge, children }: Props) {
  const query = useInfiniteQuery(rejudgeChangesQuery(rejudge.id));
  const [page, setPage] = useState(0);
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = query;
  const pagesRead = data?.pages.length ?? 0;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError && pagesRead < MAX_PREFETCHED_PAGES) {
      fetchNextPage();
    }
  }, [hasNextPage, isFetching, isError, pagesRead, fetchNextPage]);

  if (data === undefined) {
    return query.error ? (
      <ErrorNotice error={query.error} onRetry={() => query.refetch()} />
    ) : (
      <Skeleton lines={6} />
    );
  }
  const changes = data.pages.flatMap((one) => one.data.changes);
  const counts = countDirections(changes);
  const shown = changes.slice(page * ROWS_PER_PAGE, (page + 1) * ROWS_PER_PAGE);
  const pages = Math.ceil(changes.length / ROWS_PER_PAGE);
  const verb = rejudge.state === "ready" ? "would change" : "differed";
  return (
    <>
      <section className="card stack" aria-labelledby="changes-heading">
        <h2 id="changes-heading">Changes</h2>
        {changes.length === 0 ? (
          <p>No score {verb}.</p>
        ) : (
          <>
            <p>
              {hasNextPage ? "At least " : ""}
              {plural(changes.length, "score")} {verb}:
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
        <section className="stack" aria-labelledby="by-learner-heading">
          <h2 id="by-learner-heading">By learner</h2>
          <ChangeTable changes={shown} />
          {pages > 1 && (
            <div className="row">
              <button
                type="button"
                className="button"
                disabled={page === 0}
                onClick={() => setPage(page - 1)}
              >
                Previous
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
                Next
              </button>
            </div>
          )}
          {query.error && <ErrorNotice error={query.error} onRetry={() => fetchNextPage()} />}
          {hasNextPage && pagesRead >= MAX_PREFETCHED_PAGES && (
            <div>
              <button type="button" className="button" onClick={() => fetchNextPage()}>
                Load more changes
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
  other: ["tag", "other"],
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
            <th scope="col">Direction</th>
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
              <td data-column="Direction">
                <DirectionTag direction={directionOf(change)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollableTable>
  );
}
