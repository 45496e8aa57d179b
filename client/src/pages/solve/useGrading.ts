import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { api, call } from "../../api/client";
import { UnreachableError } from "../../api/errors";
import { useEvents } from "../../api/events";
import type { EvaluationData, ExerciseData, SubmissionData } from "../../api/schema";
import { queryKeys } from "../../queries/queryKeys";
import { pendingSubmissionQuery } from "../../queries/submissions";
import type { Files } from "./answerFiles";

export interface Graded {
  /** Whether it is a submission, whose score is recorded, or only an evaluation. */
  recorded: boolean;
  result: EvaluationData | SubmissionData;
}

export interface Sent {
  answer: string;
  files: Files;
  language: string;
  recorded: boolean;
}

/** Submit or evaluate answers to an exercise, and wait for the verdict of a submission that is queued. */
export function useGrading({ id: exerciseId, language: defaultLanguage }: ExerciseData) {
  const queries = useQueryClient();
  const [graded, setGraded] = useState<Graded | null>(null);
  const [pendingId, setPendingId] = useState<number | null>(null);
  const idempotencyKey = useIdempotencyKey();

  const receive = (submission: SubmissionData) => {
    if (submission.state !== "done") {
      setPendingId(submission.id);
      return;
    }
    setPendingId(null);
    setGraded({ recorded: true, result: submission });
    queries.invalidateQueries({ queryKey: queryKeys.submissions.ofExercise(exerciseId) });
    queries.invalidateQueries({ queryKey: queryKeys.ownScores.all });
    queries.invalidateQueries({ queryKey: queryKeys.progress.all });
    queries.invalidateQueries({ queryKey: queryKeys.leaderboard.all });
  };

  const sending = useMutation({
    // A request without a response is sent once more: the service recognises its idempotency key.
    retry: (failures, error) => failures === 0 && error instanceof UnreachableError,
    mutationFn: async ({ answer, files, language, recorded }: Sent) => {
      const chosen = language === defaultLanguage ? {} : { language };
      const body = { exercise_id: exerciseId, answer, files, ...chosen };
      const headers = { "Idempotency-Key": idempotencyKey.of(`${recorded} ${JSON.stringify(body)}`) };
      if (recorded) {
        receive((await call(api.POST("/submissions", { body, headers }))).data);
      } else {
        setGraded({ recorded, result: (await call(api.POST("/evaluations", { body, headers }))).data });
      }
    },
    onMutate: () => setGraded(null),
    onSuccess: idempotencyKey.forget,
  });

  const receivesEvents = useEvents(
    "submissions",
    () => queries.invalidateQueries({ queryKey: queryKeys.pendingSubmission.all }),
    pendingId !== null,
  );
  const pending = useQuery(pendingSubmissionQuery(pendingId, receivesEvents));
  const finished = pending.data?.state === "done" ? pending.data : null;
  const onFinished = useEffectEvent(receive);
  useEffect(() => {
    if (finished) {
      onFinished(finished);
    }
  }, [finished]);

  const busy = sending.isPending || pendingId !== null;
  const send = (sent: Sent) => {
    if (!busy) {
      sending.mutate(sent);
    }
  };
  const waitsFor = sending.isPaused ? "network" : pendingId !== null ? "grader" : null;
  return { graded, busy, waitsFor, error: sending.error ?? pending.error, send } as const;
}

/** The idempotency key of a request: the same while the same content is sent again, until there is a response. */
function useIdempotencyKey() {
  const last = useRef<{ content: string; key: string } | null>(null);
  return {
    of(content: string): string {
      if (last.current?.content !== content) {
        last.current = { content, key: randomKey() };
      }
      return last.current.key;
    },
    forget() {
      last.current = null;
    },
  };
}

/** `crypto.randomUUID` exists on HTTPS and localhost only, and a school's network may use neither. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
