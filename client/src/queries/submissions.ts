import { infiniteQueryOptions, queryOptions, skipToken } from "@tanstack/react-query";
import { api, call } from "../api/client";
import { cursorPaging } from "../api/pagination";
import type { SubmissionsAnswer } from "../api/schema";
import { queryKeys } from "./queryKeys";

const SUBMISSIONS_PAGE_SIZE = 10;
const POLL_MS = 1500;
/** While events arrive, polling only makes up for a lost one. */
const POLL_WITH_EVENTS_MS = 15_000;

/** The user's own submissions to an exercise, newest first. Staff see everybody's without `user_id`. */
export const submissionsQuery = (exerciseId: number, userId: number) =>
  infiniteQueryOptions({
    queryKey: queryKeys.submissions.ofUser(exerciseId, userId),
    queryFn: ({ pageParam }) => {
      const query = {
        exercise_id: exerciseId,
        user_id: userId,
        limit: SUBMISSIONS_PAGE_SIZE,
        cursor: pageParam,
      };
      return call(api.GET("/submissions", { params: { query } }));
    },
    ...cursorPaging,
    refetchInterval: ({ state }) => (state.data?.pages.some(hasPending) ? POLL_MS : false),
  });

function hasPending(page: SubmissionsAnswer): boolean {
  return page.data.submissions.some(({ state }) => state !== "done");
}

export async function fetchSubmission(submissionId: number) {
  const params = { path: { submission_id: submissionId } };
  return (await call(api.GET("/submissions/{submission_id}", { params }))).data;
}

/** A submission that is being graded. It is polled until it is done. */
export const pendingSubmissionQuery = (submissionId: number | null, receivesEvents: boolean) =>
  queryOptions({
    queryKey: queryKeys.pendingSubmission.one(submissionId),
    queryFn: submissionId === null ? skipToken : () => fetchSubmission(submissionId),
    refetchInterval: ({ state }) =>
      state.data?.state === "done" ? false : receivesEvents ? POLL_WITH_EVENTS_MS : POLL_MS,
  });
