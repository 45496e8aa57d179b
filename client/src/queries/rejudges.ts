import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, call } from "../api/client";
import { MAX_PAGE_SIZE, nextCursor } from "../api/pagination";
import type { RejudgeData } from "../api/schema";

const POLL_MS = 1000;
const REJUDGES_PAGE_SIZE = 20;

/** Whether the service is still at it, so that asking again makes sense. */
export function isInProgress(rejudge: RejudgeData | undefined): boolean {
  return rejudge?.state === "queued" || rejudge?.state === "running";
}

export const rejudgesQuery = (exerciseId: number) =>
  infiniteQueryOptions({
    queryKey: ["rejudges", exerciseId],
    queryFn: ({ pageParam }) => {
      const query = { limit: REJUDGES_PAGE_SIZE, cursor: pageParam };
      const params = { path: { exercise_id: exerciseId }, query };
      return call(api.GET("/exercises/{exercise_id}/rejudges", { params }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextCursor,
  });

export const rejudgeQuery = (rejudgeId: number) =>
  queryOptions({
    queryKey: ["rejudge", rejudgeId],
    queryFn: async () =>
      (await call(api.GET("/rejudges/{rejudge_id}", { params: { path: { rejudge_id: rejudgeId } } }))).data,
    refetchInterval: ({ state }) => (isInProgress(state.data) ? POLL_MS : false),
  });

/** The scores that a rejudge would change, or has changed. */
export const rejudgeChangesQuery = (rejudgeId: number) =>
  infiniteQueryOptions({
    queryKey: ["rejudge", rejudgeId, "changes"],
    queryFn: ({ pageParam }) => {
      const query = { limit: MAX_PAGE_SIZE, cursor: pageParam };
      const params = { path: { rejudge_id: rejudgeId }, query };
      return call(api.GET("/rejudges/{rejudge_id}/changes", { params }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextCursor,
    staleTime: Number.POSITIVE_INFINITY,
  });
