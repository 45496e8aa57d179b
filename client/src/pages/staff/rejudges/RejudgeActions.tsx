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

/** Apply what a rejudge found, or leave it; and change it back. */
export function RejudgeActions({ rejudge, count }: Props) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
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
      <LiveStatus sentence={deciding.data?.message ?? ""} />
      {deciding.error && <ErrorNotice error={deciding.error} />}
      <div className="row">
        {rejudge.state === "ready" && (
          <>
            {count > 0 && (
              <button
                type="button"
                className="button primary"
                aria-disabled={deciding.isPending}
                onClick={() => setAsking(true)}
              >
                Apply the changes
              </button>
            )}
            <button
              type="button"
              className="button"
              onClick={() => navigate(`/teach/exercises/${rejudge.exercise_id}/rejudges`)}
            >
              Leave the scores as they are
            </button>
          </>
        )}
        {undoing && (
          <button
            type="button"
            className="button danger"
            aria-disabled={deciding.isPending}
            onClick={() => setAsking(true)}
          >
            Undo the rejudge
          </button>
        )}
      </div>
      {asking && (
        <ConfirmDialog
          question={undoing ? "Undo this rejudge?" : "Apply this rejudge?"}
          consequence={
            undoing
              ? "Scores that still are as it left them are changed back."
              : `About ${plural(count, "score")} will be changed. Those that changed meanwhile are left alone. It can be undone.`
          }
          action={undoing ? "Undo" : "Apply"}
          onConfirm={() => {
            setAsking(false);
            deciding.mutate(undoing);
          }}
          onCancel={() => setAsking(false)}
        />
      )}
    </>
  );
}
