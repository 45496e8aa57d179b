import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import type { ExerciseData, SubmissionData } from "../../api/schema";
import { ErrorNotice } from "../../components/ErrorNotice";
import { languagesOf } from "../../components/exerciseLanguages";
import { formatDateTime } from "../../components/format";
import { ScrollableTable } from "../../components/ScrollableTable";
import { Skeleton } from "../../components/Skeleton";
import { VerdictIcon } from "../../components/verdict/VerdictIcon";
import { verdictLabel, verdictTone } from "../../components/verdict/verdicts";
import { useLanguageTitles } from "../../queries/languages";
import { fetchSubmission, submissionsQuery } from "../../queries/submissions";

interface Props {
  exercise: ExerciseData;
  userId: number;
  onLoad: (submission: SubmissionData) => void;
}

export function PastSubmissions({ exercise, userId, onLoad }: Props) {
  const pages = useInfiniteQuery(submissionsQuery(exercise.id, userId));
  const loading = useMutation({ mutationFn: fetchSubmission, onSuccess: onLoad });
  const languageTitle = useLanguageTitles();
  const hasLanguages = languagesOf(exercise).length > 1;
  const loaded = loading.data;
  const rows = pages.data?.pages.flatMap((page) => page.data.submissions);
  return (
    <section className="stack" aria-labelledby="submissions">
      <h2 id="submissions">Your submissions</h2>
      {pages.error && <ErrorNotice error={pages.error} onRetry={() => pages.refetch()} />}
      {loading.error && <ErrorNotice error={loading.error} />}
      <p className={loaded ? "quiet" : "visually-hidden"} role="status">
        {loaded && `The submission of ${formatDateTime(loaded.created_at)} was loaded into the editor.`}
      </p>
      {pages.isPending && <Skeleton lines={3} />}
      {rows?.length === 0 && <p className="quiet">No submissions yet.</p>}
      {rows && rows.length > 0 && (
        <ScrollableTable label="Table of your submissions">
          <table>
            <thead>
              <tr>
                <th scope="col">Date</th>
                {hasLanguages && (
                  <th scope="col" className="wide-only">
                    Language
                  </th>
                )}
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
                  <td className="when">{formatDateTime(row.created_at)}</td>
                  {hasLanguages && <td className="wide-only">{languageTitle(row.language)}</td>}
                  <td>
                    {row.verdict ? (
                      <span className="with-icon">
                        <VerdictIcon tone={verdictTone(row.verdict)} /> {verdictLabel(row.verdict)}
                      </span>
                    ) : (
                      "Grading …"
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
                      aria-label={`Load the submission of ${formatDateTime(row.created_at)} into the editor`}
                    >
                      Load
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollableTable>
      )}
      {pages.hasNextPage && (
        <button type="button" className="button" onClick={() => pages.fetchNextPage()}>
          Show more
        </button>
      )}
    </section>
  );
}
