import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "react-router";
import { api, call } from "../../../api/client";
import type { RejudgeData } from "../../../api/schema";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { formatDateTime } from "../../../components/format";
import { PageHeading } from "../../../components/PageHeading";
import { ScrollableTable } from "../../../components/ScrollableTable";
import { Skeleton } from "../../../components/Skeleton";
import { rejudgesQuery } from "../../../queries/rejudges";
import { AdminsOnly } from "../AdminsOnly";
import { ExerciseSubtitle } from "../ExerciseSubtitle";
import { rejudgeStateLabel } from "./rejudgeState";

export function Component() {
  const exerciseId = Number(useParams().exerciseId);
  return (
    <AdminsOnly>
      <Rejudges exerciseId={exerciseId} />
    </AdminsOnly>
  );
}

function Rejudges({ exerciseId }: { exerciseId: number }) {
  const navigate = useNavigate();
  const rejudges = useInfiniteQuery(rejudgesQuery(exerciseId));
  const all = rejudges.data?.pages.flatMap((page) => page.data.rejudges);
  const starting = useMutation({
    mutationFn: () =>
      call(api.POST("/exercises/{exercise_id}/rejudge", { params: { path: { exercise_id: exerciseId } } })),
    onSuccess: ({ data }) => navigate(`/teach/rejudges/${data.id}`),
  });
  return (
    <>
      <PageHeading title="Rejudge" />
      <ExerciseSubtitle exerciseId={exerciseId} to={`/teach/exercises/${exerciseId}`} />
      <section className="card stack" aria-labelledby="start-heading">
        <h2 id="start-heading">Rejudge all submissions</h2>
        <p>
          Every submission is judged again by the current version of the exercise. You see which scores would
          change before you apply the changes, and you can undo them.
        </p>
        {starting.error && <ErrorNotice error={starting.error} />}
        <div>
          <button
            type="button"
            className="button primary"
            aria-disabled={starting.isPending}
            onClick={() => starting.isPending || starting.mutate()}
          >
            Start rejudge
          </button>
        </div>
      </section>
      <section className="stack" aria-labelledby="earlier-heading">
        <h2 id="earlier-heading">Earlier rejudges</h2>
        {rejudges.error && <ErrorNotice error={rejudges.error} onRetry={() => rejudges.refetch()} />}
        {rejudges.isPending && <Skeleton lines={4} />}
        {all?.length === 0 && <p className="quiet">No rejudges yet.</p>}
        {all && all.length > 0 && <RejudgeTable rejudges={all} />}
        {rejudges.hasNextPage && (
          <div>
            <button type="button" className="button" onClick={() => rejudges.fetchNextPage()}>
              Show more
            </button>
          </div>
        )}
      </section>
    </>
  );
}

function RejudgeTable({ rejudges }: { rejudges: RejudgeData[] }) {
  return (
    <ScrollableTable label="Rejudges, newest first">
      <table className="stacking">
        <thead>
          <tr>
            <th scope="col">Rejudge</th>
            <th scope="col">Started</th>
            <th scope="col">State</th>
            <th scope="col" className="number">
              Submissions
            </th>
          </tr>
        </thead>
        <tbody>
          {rejudges.map((rejudge) => (
            <tr key={rejudge.id}>
              <th scope="row">
                <Link to={`/teach/rejudges/${rejudge.id}`}>Rejudge {rejudge.id}</Link>
              </th>
              <td data-column="Started">{formatDateTime(rejudge.created_at)}</td>
              <td data-column="State">{rejudgeStateLabel(rejudge)}</td>
              <td data-column="Submissions" className="number">
                {rejudge.submissions.toLocaleString()}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollableTable>
  );
}
