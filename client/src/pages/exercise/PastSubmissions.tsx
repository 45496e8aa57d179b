import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { Notice } from "../../components/Notice";
import { Scrolled } from "../../components/Scrolled";
import { Skeleton } from "../../components/Skeleton";
import { dayAndTime } from "../../components/units";
import { MarkIcon } from "../../components/verdict/MarkIcon";
import { markOf, wordsOf } from "../../components/verdict/verdicts";
import { readSubmission, submissionsQuery } from "../../queries/submissions";

interface Props {
  exerciseId: number;
  userId: number;
  onLoad: (answer: string) => void;
}

export function PastSubmissions({ exerciseId, userId, onLoad }: Props) {
  const pages = useInfiniteQuery(submissionsQuery(exerciseId, userId));
  const loading = useMutation({ mutationFn: readSubmission, onSuccess: ({ answer }) => onLoad(answer) });
  const loaded = loading.data;
  const rows = pages.data?.pages.flatMap((page) => page.data.submissions);
  return (
    <section className="stack" aria-labelledby="submissions">
      <h2 id="submissions">Your submissions</h2>
      {pages.error && <Notice error={pages.error} onRetry={() => pages.refetch()} />}
      {loading.error && <Notice error={loading.error} />}
      <p className={loaded ? "quiet" : "visually-hidden"} role="status">
        {loaded && `The one of ${dayAndTime(loaded.created_at)} was loaded into the editor.`}
      </p>
      {pages.isPending && <Skeleton lines={3} />}
      {rows?.length === 0 && <p className="quiet">None yet.</p>}
      {rows && rows.length > 0 && (
        <Scrolled label="Table of your submissions">
          <table>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">Verdict</th>
                <th scope="col" className="number wide-only">
                  Points
                </th>
                <th scope="col">
                  <span className="visually-hidden">Load</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.id}>
                  <td className="when">{dayAndTime(row.created_at)}</td>
                  <td>
                    {row.verdict ? (
                      <span className="with-mark">
                        <MarkIcon mark={markOf(row.verdict)} /> {wordsOf(row.verdict)}
                      </span>
                    ) : (
                      "Being graded"
                    )}
                  </td>
                  <td className="number wide-only">
                    {row.points === null ? "" : `${row.points}/${row.max_points}`}
                  </td>
                  <td className="number">
                    <button
                      type="button"
                      className="button small"
                      aria-disabled={loading.isPending}
                      onClick={() => loading.isPending || loading.mutate(row.id)}
                      aria-label={`Load the submission of ${dayAndTime(row.created_at)} into the editor`}
                    >
                      Load
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolled>
      )}
      {pages.hasNextPage && (
        <button type="button" className="button" onClick={() => pages.fetchNextPage()}>
          Show earlier ones
        </button>
      )}
    </section>
  );
}
