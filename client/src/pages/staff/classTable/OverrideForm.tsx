import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, call } from "../../../api/client";
import { ApiError } from "../../../api/errors";
import { ifMatch } from "../../../api/etag";
import type { ScoreData, ScorePayload } from "../../../api/schema";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { Field } from "../../../components/Field";
import { LiveStatus } from "../../../components/LiveStatus";
import { Select } from "../../../components/Select";
import { queryKeys } from "../../../queries/queryKeys";
import { scoreQuery } from "../../../queries/scores";

interface Props {
  userId: number;
  exerciseId: number;
  found: { score: ScoreData; etag: string | null } | null;
  onChanged: (score: ScoreData) => void;
}

/** The form with which staff set a score themselves. The history keeps the reason, so there must be one. */
export function OverrideForm({ userId, exerciseId, found, onChanged }: Props) {
  const queries = useQueryClient();
  const [correct, setCorrect] = useState(String(!found?.score.correct));
  const [reason, setReason] = useState("");
  const [reasonMissing, setReasonMissing] = useState(false);
  const reload = () => queries.invalidateQueries({ queryKey: scoreQuery(userId, exerciseId).queryKey });
  const saving = useMutation({
    mutationFn: () =>
      call(
        saveScore(found, {
          user_id: userId,
          exercise_id: exerciseId,
          correct: correct === "true",
          reason: reason.trim(),
        }),
      ),
    onSuccess: ({ data }) => {
      setReason("");
      onChanged(data);
      reload();
      queries.invalidateQueries({ queryKey: queryKeys.scoreHistory.ofUser(userId) });
    },
  });
  const apiError = saving.error instanceof ApiError ? saving.error : null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setReasonMissing(reason.trim() === "");
    if (reason.trim() !== "" && !saving.isPending) {
      saving.mutate();
    }
  };

  return (
    <form className="stack" onSubmit={submit} noValidate>
      <h3>{found ? "Override the score" : "Record a score"}</h3>
      <div className="field-grid">
        <Select
          label="Result"
          value={correct}
          options={[
            ["true", "Solved"],
            ["false", "Not solved"],
          ]}
          onChange={setCorrect}
        />
        <Field
          label="Reason"
          name="reason"
          required
          hint="Kept in the history, which staff and the learner can see."
          value={reason}
          errors={reasonMissing ? ["Enter a reason."] : apiError?.fields.reason}
          onChange={setReason}
        />
      </div>
      {apiError?.httpStatus === 412 ? (
        <div className="notice" role="alert">
          <p>This score has changed since you opened it. Nothing was saved.</p>
          <button type="button" className="button" onClick={reload}>
            Reload
          </button>
        </div>
      ) : (
        saving.error && <ErrorNotice error={saving.error} />
      )}
      <LiveStatus message={saving.data?.message ?? ""} />
      <div>
        <button type="submit" className="button primary" aria-disabled={saving.isPending}>
          Save score
        </button>
      </div>
    </form>
  );
}

/** Replace the score if it has not changed since it was read, or add it if there is none. */
function saveScore(found: Props["found"], body: ScorePayload) {
  return found
    ? api.PUT("/scores/{score_id}", {
        params: { path: { score_id: found.score.id }, header: ifMatch(found.etag) },
        body,
      })
    : api.POST("/scores", { body });
}
