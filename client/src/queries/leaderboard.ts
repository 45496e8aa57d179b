import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, call } from "../api/client";
import { nextCursor } from "../api/pagination";

/** How often to ask where no events arrive. */
const POLL_MS = 15_000;

export const leaderboardQuery = (exerciseSet: string | undefined, live: boolean) =>
  infiniteQueryOptions({
    queryKey: ["leaderboard", "board", exerciseSet],
    queryFn: ({ pageParam }) =>
      call(api.GET("/leaderboard", { params: { query: { exercise_set: exerciseSet, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextCursor,
    refetchInterval: live ? false : POLL_MS,
  });

export const ownRankQuery = (token: string | null, exerciseSet: string | undefined, live: boolean) =>
  queryOptions({
    queryKey: ["leaderboard", "me", token, exerciseSet],
    enabled: token !== null,
    queryFn: async () =>
      (await call(api.GET("/leaderboard/me", { params: { query: { exercise_set: exerciseSet } } }))).data,
    refetchInterval: live ? false : POLL_MS,
  });
