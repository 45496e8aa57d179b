import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, call } from "../api/client";
import { nextCursor } from "../api/pagination";
import type { SubmissionsAnswer } from "../api/schema";

const SUBMISSIONS_PAGE_SIZE = 10;
const POLL_MS = 1500;
/** With events there should be nothing to ask; this is for one that got lost. */
const POLL_BESIDE_EVENTS_MS = 15_000;

export const exerciseQuery = (exerciseId: number) =>
  queryOptions({
    queryKey: ["exercise", exerciseId],
    queryFn: async () =>
      (await call(api.GET("/exercises/{exercise_id}", { params: { path: { exercise_id: exerciseId } } })))
        .data,
  });

/** The caller's submissions to an exercise, newest first. Staff would be shown everybody's, so the user is named. */
export const submissionsQuery = (exerciseId: number, userId: number) =>
  infiniteQueryOptions({
    queryKey: ["submissions", exerciseId, userId],
    queryFn: ({ pageParam }) => {
      const query = {
        exercise_id: exerciseId,
        user_id: userId,
        limit: SUBMISSIONS_PAGE_SIZE,
        cursor: pageParam,
      };
      return call(api.GET("/submissions", { params: { query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextCursor,
    refetchInterval: ({ state }) => (state.data?.pages.some(hasPending) ? POLL_MS : false),
  });

function hasPending(page: SubmissionsAnswer): boolean {
  return page.data.submissions.some(({ state }) => state !== "done");
}

export async function fetchSubmission(submissionId: number) {
  const params = { path: { submission_id: submissionId } };
  return (await call(api.GET("/submissions/{submission_id}", { params }))).data;
}

/** A submission that is being graded, until it is done. */
export const pendingSubmissionQuery = (submissionId: number | null, live: boolean) =>
  queryOptions({
    queryKey: ["submission", submissionId],
    enabled: submissionId !== null,
    queryFn: () => fetchSubmission(submissionId ?? 0),
    refetchInterval: ({ state }) =>
      state.data?.state === "done" ? false : live ? POLL_BESIDE_EVENTS_MS : POLL_MS,
  });
