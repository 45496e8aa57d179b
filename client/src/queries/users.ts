import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, call } from "../api/client";
import { LONGEST_PAGE, nextCursor } from "../api/pages";

const ENTRIES_AT_ONCE = 50;

/** The beginning of the keys of all that is told of a learner's past. */
export function historyKey(userId: number) {
  return ["history", userId] as const;
}

/** What happened to a learner's scores, newest first; to one of them, or to all. */
export const historyQuery = (userId: number, exerciseId?: number) =>
  infiniteQueryOptions({
    queryKey: [...historyKey(userId), exerciseId],
    queryFn: ({ pageParam }) => {
      const query = { user_id: userId, exercise_id: exerciseId, limit: ENTRIES_AT_ONCE, cursor: pageParam };
      return call(api.GET("/scores/history", { params: { query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextCursor,
  });

export const usersQuery = infiniteQueryOptions({
  queryKey: ["users"],
  queryFn: ({ pageParam }) =>
    call(api.GET("/users", { params: { query: { limit: LONGEST_PAGE, cursor: pageParam } } })),
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
