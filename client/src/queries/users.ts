import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, call } from "../api/client";
import { MAX_PAGE_SIZE, nextCursor } from "../api/pagination";

const HISTORY_PAGE_SIZE = 50;

/** The beginning of the keys of all that is told of a learner's past. */
export function historyKey(userId: number) {
  return ["history", userId] as const;
}

/** What happened to a learner's scores, newest first; to one of them, or to all. */
export const scoreHistoryQuery = (userId: number, exerciseId?: number) =>
  infiniteQueryOptions({
    queryKey: [...historyKey(userId), exerciseId],
    queryFn: ({ pageParam }) => {
      const query = { user_id: userId, exercise_id: exerciseId, limit: HISTORY_PAGE_SIZE, cursor: pageParam };
      return call(api.GET("/scores/history", { params: { query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextCursor,
  });

export const usersQuery = infiniteQueryOptions({
  queryKey: ["users"],
  queryFn: ({ pageParam }) =>
    call(api.GET("/users", { params: { query: { limit: MAX_PAGE_SIZE, cursor: pageParam } } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: nextCursor,
});

/** A user. Where another service keeps the users there is none: then the number has to do. */
export const userQuery = (userId: number) =>
  queryOptions({
    queryKey: ["users", userId],
    queryFn: async () =>
      (await call(api.GET("/users/{user_id}", { params: { path: { user_id: userId } } }))).data,
  });
