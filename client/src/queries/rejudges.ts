import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, call } from "../api/client";
import { LONGEST_PAGE, nextCursor } from "../api/pages";
import type { RejudgeData } from "../api/schema";

const POLL_MS = 1000;
const REJUDGES_AT_ONCE = 20;

/** Whether the service is still at it, so that asking again makes sense. */
export function isUnderWay(rejudge: RejudgeData | undefined): boolean {
  return rejudge?.state === "queued" || rejudge?.state === "running";
}

export const rejudgesQuery = (exerciseId: number) =>
  infiniteQueryOptions({
    queryKey: ["rejudges", exerciseId],
    queryFn: ({ pageParam }) => {
      const query = { limit: REJUDGES_AT_ONCE, cursor: pageParam };
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
    refetchInterval: ({ state }) => (isUnderWay(state.data) ? POLL_MS : false),
  });

/** The scores that a rejudge would change, or has changed. */
export const changesQuery = (rejudgeId: number) =>
  infiniteQueryOptions({
    queryKey: ["rejudge", rejudgeId, "changes"],
    queryFn: ({ pageParam }) => {
      const query = { limit: LONGEST_PAGE, cursor: pageParam };
      const params = { path: { rejudge_id: rejudgeId }, query };
      return call(api.GET("/rejudges/{rejudge_id}/changes", { params }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextCursor,
    staleTime: Number.POSITIVE_INFINITY,
  });
