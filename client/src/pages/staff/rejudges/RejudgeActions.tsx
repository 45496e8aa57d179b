import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { api, call } from "../../../api/client";
import type { RejudgeData } from "../../../api/schema";
import { ConfirmDialog } from "../../../components/ConfirmDialog";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { plural } from "../../../components/format";
import { LiveStatus } from "../../../components/LiveStatus";
import { queryKeys } from "../../../queries/queryKeys";
import { rejudgeQuery } from "../../../queries/rejudges";

interface Props {
  rejudge: RejudgeData;
  count: number;
}

/** The buttons to apply a rejudge, to leave it, and to undo it. */
export function RejudgeActions({ rejudge, count }: Props) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [confirming, setConfirming] = useState(false);
  const undoing = rejudge.state === "applied";
  const deciding = useMutation({
    mutationFn: (undo: boolean) => {
      const params = { path: { rejudge_id: rejudge.id } };
      return call(
        undo
          ? api.POST("/rejudges/{rejudge_id}/undo", { params })
          : api.POST("/rejudges/{rejudge_id}/apply", { params }),
      );
    },
    onSuccess: ({ data }) => {
      queries.setQueryData(rejudgeQuery(rejudge.id).queryKey, data);
      for (const queryKey of [
        queryKeys.classTable.all,
        queryKeys.statistics.all,
        queryKeys.scoreHistory.all,
        queryKeys.rejudges.all,
      ]) {
        queries.invalidateQueries({ queryKey });
      }
    },
  });
  return (
    <>
      <LiveStatus message={deciding.data?.message ?? ""} />
      {deciding.error && <ErrorNotice error={deciding.error} />}
      <div className="row">
        {rejudge.state === "ready" && (
          <>
            {count > 0 && (
              <button
                type="button"
                className="button primary"
                aria-disabled={deciding.isPending}
                onClick={() => setConfirming(true)}
              >
                Apply changes
              </button>
            )}
            <button
              type="button"
              className="button"
              onClick={() => navigate(`/teach/exercises/${rejudge.exercise_id}/rejudges`)}
            >
              Keep the scores
            </button>
          </>
        )}
        {undoing && (
          <button
            type="button"
            className="button danger"
            aria-disabled={deciding.isPending}
            onClick={() => setConfirming(true)}
          >
            Undo rejudge
          </button>
        )}
      </div>
      {confirming && (
        <ConfirmDialog
          question={undoing ? "Undo this rejudge?" : "Apply this rejudge?"}
          consequence={
            undoing
              ? "Scores that have not changed since are restored."
              : `About ${plural(count, "score")} will change. Scores that have changed since the rejudge are skipped. You can undo this.`
          }
          action={undoing ? "Undo" : "Apply"}
          onConfirm={() => {
            setConfirming(false);
            deciding.mutate(undoing);
          }}
          onCancel={() => setConfirming(false)}
        />
      )}
    </>
  );
}
