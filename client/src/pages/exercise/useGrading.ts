import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api, call } from "../../api/client";
import { UnreachableError } from "../../api/errors";
import { useEvents } from "../../api/events";
import type { EvaluationData, SubmissionData } from "../../api/schema";
import { queryKeys } from "../../queries/queryKeys";
import { pendingSubmissionQuery } from "../../queries/submissions";

export interface Graded {
  recorded: boolean;
  result: EvaluationData | SubmissionData;
}

/** Run or submit answers to an exercise, and follow a submission that is queued until its verdict is there. */
export function useGrading(exerciseId: number) {
  const queries = useQueryClient();
  const [graded, setGraded] = useState<Graded | null>(null);
  const [pendingId, setPendingId] = useState<number | null>(null);
  const keyFor = useIdempotencyKey();

  const take = (submission: SubmissionData) => {
    setPendingId(submission.state === "done" ? null : submission.id);
    if (submission.state === "done") {
      setGraded({ recorded: true, result: submission });
      for (const queryKey of [
        queryKeys.submissions.ofExercise(exerciseId),
        queryKeys.ownScores.all,
        queryKeys.progress.all,
        queryKeys.leaderboard.all,
      ]) {
        queries.invalidateQueries({ queryKey });
      }
    }
  };

  const sending = useMutation({
    // What got lost on the way is sent once more: by its key, the service knows what it has had already.
    retry: (failures, error) => failures === 0 && error instanceof UnreachableError,
    mutationFn: async ({ answer, recorded }: { answer: string; recorded: boolean }) => {
      const body = { exercise_id: exerciseId, answer };
      const headers = { "Idempotency-Key": keyFor(`${recorded} ${answer}`) };
      return recorded
        ? take((await call(api.POST("/submissions", { body, headers }))).data)
        : setGraded({ recorded, result: (await call(api.POST("/evaluations", { body, headers }))).data });
    },
    onMutate: () => setGraded(null),
    onSuccess: keyFor.forget,
  });

  const live = useEvents(
    "submissions",
    () => queries.invalidateQueries({ queryKey: queryKeys.pendingSubmission.all }),
    pendingId !== null,
  );
  const pending = useQuery(pendingSubmissionQuery(pendingId, live));
  const settled = pending.data?.state === "done" ? pending.data : null;
  useEffect(() => {
    if (settled && settled.id === pendingId) {
      take(settled);
    }
  });

  const busy = sending.isPending || pendingId !== null;
  const send = (answer: string, recorded: boolean) => {
    if (!busy) {
      sending.mutate({ answer, recorded });
    }
  };
  const waitsFor = sending.isPaused ? "network" : pendingId !== null ? "grader" : null;
  return { graded, busy, waitsFor, error: sending.error ?? pending.error, send } as const;
}

/** The key of a write stays the same while the same is sent again, and is forgotten once it was answered. */
function useIdempotencyKey() {
  const last = useRef<{ content: string; key: string } | null>(null);
  const keyFor = (content: string): string => {
    if (last.current?.content !== content) {
      last.current = { content, key: randomKey() };
    }
    return last.current.key;
  };
  return Object.assign(keyFor, {
    forget: () => {
      last.current = null;
    },
  });
}

/** `crypto.randomUUID` is there on HTTPS and localhost only; a school's network may have neither. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
