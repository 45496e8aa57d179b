import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, call } from "../api/client";
import { cursorPaging, MAX_PAGE_SIZE } from "../api/pagination";
import type { RejudgeData } from "../api/schema";
import { queryKeys } from "./queryKeys";

const POLL_MS = 1000;
const REJUDGES_PAGE_SIZE = 20;

export function isInProgress(rejudge: RejudgeData | undefined): boolean {
  return rejudge?.state === "queued" || rejudge?.state === "running";
}

export const rejudgesQuery = (exerciseId: number) =>
  infiniteQueryOptions({
    queryKey: queryKeys.rejudges.ofExercise(exerciseId),
    queryFn: ({ pageParam }) => {
      const query = { limit: REJUDGES_PAGE_SIZE, cursor: pageParam };
      const params = { path: { exercise_id: exerciseId }, query };
      return call(api.GET("/exercises/{exercise_id}/rejudges", { params }));
    },
    ...cursorPaging,
  });

/** A rejudge. It is polled until the service has judged all submissions. */
export const rejudgeQuery = (rejudgeId: number) =>
  queryOptions({
    queryKey: queryKeys.rejudge(rejudgeId),
    queryFn: async () =>
      (await call(api.GET("/rejudges/{rejudge_id}", { params: { path: { rejudge_id: rejudgeId } } }))).data,
    refetchInterval: ({ state }) => (isInProgress(state.data) ? POLL_MS : false),
  });

/** The scores that a rejudge changes, before and after. */
export const rejudgeChangesQuery = (rejudgeId: number) =>
  infiniteQueryOptions({
    queryKey: queryKeys.rejudgeChanges(rejudgeId),
    queryFn: ({ pageParam }) => {
      const query = { limit: MAX_PAGE_SIZE, cursor: pageParam };
      const params = { path: { rejudge_id: rejudgeId }, query };
      return call(api.GET("/rejudges/{rejudge_id}/changes", { params }));
    },
    ...cursorPaging,
    staleTime: Number.POSITIVE_INFINITY,
  });
