import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, call } from "../api/client";
import { cursorPaging } from "../api/pagination";
import { queryKeys } from "./queryKeys";

/** How often to poll when no events arrive. */
const POLL_MS = 15_000;

export const leaderboardQuery = (exerciseSet: string | undefined, receivesEvents: boolean) =>
  infiniteQueryOptions({
    queryKey: queryKeys.leaderboard.ranks(exerciseSet),
    queryFn: ({ pageParam }) =>
      call(api.GET("/leaderboard", { params: { query: { exercise_set: exerciseSet, cursor: pageParam } } })),
    ...cursorPaging,
    refetchInterval: receivesEvents ? false : POLL_MS,
  });

export const ownRankQuery = (
  token: string | null,
  exerciseSet: string | undefined,
  receivesEvents: boolean,
) =>
  queryOptions({
    queryKey: queryKeys.leaderboard.ownRank(token, exerciseSet),
    enabled: token !== null,
    queryFn: async () =>
      (await call(api.GET("/leaderboard/me", { params: { query: { exercise_set: exerciseSet } } }))).data,
    refetchInterval: receivesEvents ? false : POLL_MS,
  });
