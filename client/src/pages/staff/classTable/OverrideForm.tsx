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

/** Decide a score oneself. The reason is kept in the history, so there must be one. */
export function OverrideForm({ userId, exerciseId, found, onChanged }: Props) {
  const queries = useQueryClient();
  const [correct, setCorrect] = useState(String(!found?.score.correct));
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const reload = () => queries.invalidateQueries({ queryKey: scoreQuery(userId, exerciseId).queryKey });
  const deciding = useMutation({
    mutationFn: () =>
      call(
        decide(found, {
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
  const wrong = deciding.error instanceof ApiError ? deciding.error : null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(reason.trim() === "");
    if (reason.trim() !== "" && !deciding.isPending) {
      deciding.mutate();
    }
  };

  return (
    <form className="stack" onSubmit={submit} noValidate>
      <h3>{found ? "Decide otherwise" : "Record a score"}</h3>
      <div className="field-grid">
        <Select
          label="The exercise is"
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
          hint="Kept in the history, for all who teach and for the learner."
          value={reason}
          errors={missing ? ["Please give a reason."] : wrong?.fields.reason}
          onChange={setReason}
        />
      </div>
      {wrong?.httpStatus === 412 ? (
        <div className="notice" role="alert">
          <p>This score has changed since you opened it, and was left as it is.</p>
          <button type="button" className="button" onClick={reload}>
            Read it again
          </button>
        </div>
      ) : (
        deciding.error && <ErrorNotice error={deciding.error} />
      )}
      <LiveStatus sentence={deciding.data?.message ?? ""} />
      <div>
        <button type="submit" className="button primary" aria-disabled={deciding.isPending}>
          Record it
        </button>
      </div>
    </form>
  );
}

/** Replace the score in the state that was seen; where there was none, add one, and no second. */
function decide(found: Props["found"], body: ScorePayload) {
  return found
    ? api.PUT("/scores/{score_id}", {
        params: { path: { score_id: found.score.id }, header: ifMatch(found.etag) },
        body,
      })
    : api.POST("/scores", { body });
}
