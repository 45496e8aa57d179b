import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, call } from "../api/client";
import { callWithETag } from "../api/etag";
import { cursorPaging, MAX_PAGE_SIZE, readAllPages } from "../api/pagination";
import type { TableAnswer } from "../api/schema";
import { queryKeys } from "./queryKeys";

const HISTORY_PAGE_SIZE = 50;
const LEARNERS_PAGE_SIZE = 200;

/** The caller's own scores by exercise id. */
export const ownScoresQuery = (token: string | null) =>
  queryOptions({
    queryKey: queryKeys.ownScores.ofToken(token),
    enabled: token !== null,
    queryFn: async () => {
      const scores = await readAllPages(
        (cursor) => call(api.GET("/scores/user", { params: { query: { limit: MAX_PAGE_SIZE, cursor } } })),
        (page) => page.data.scores,
      );
      return new Map(scores.map((score) => [score.exercise_id, score]));
    },
  });

/** A learner's score for an exercise with its ETag, or null if there is none. */
export const scoreQuery = (userId: number, exerciseId: number) =>
  queryOptions({
    queryKey: queryKeys.score(userId, exerciseId),
    staleTime: 0,
    queryFn: async () => {
      const query = { user_id: userId, exercise_id: exerciseId, limit: 1 };
      const [found] = (await call(api.GET("/scores", { params: { query } }))).data.scores;
      if (!found) {
        return null;
      }
      const params = { path: { score_id: found.id } };
      const { body, etag } = await callWithETag(api.GET("/scores/{score_id}", { params }));
      return { score: body.data, etag };
    },
  });

/** The changes of a learner's scores, newest first: of one exercise, or of all. */
export const scoreHistoryQuery = (userId: number, exerciseId?: number) =>
  infiniteQueryOptions({
    queryKey:
      exerciseId === undefined
        ? queryKeys.scoreHistory.ofUser(userId)
        : queryKeys.scoreHistory.ofScore(userId, exerciseId),
    queryFn: ({ pageParam }) => {
      const query = { user_id: userId, exercise_id: exerciseId, limit: HISTORY_PAGE_SIZE, cursor: pageParam };
      return call(api.GET("/scores/history", { params: { query } }));
    },
    ...cursorPaging,
  });

/** The scores of all learners by exercise. It may have many pages, so it is only refetched by the button for that. */
export const classTableQuery = (exerciseSet: string | undefined) =>
  infiniteQueryOptions({
    queryKey: queryKeys.classTable.ofSet(exerciseSet),
    queryFn: ({ pageParam }) => {
      const query = { exercise_set: exerciseSet, limit: LEARNERS_PAGE_SIZE, cursor: pageParam };
      // openapi-fetch widens the tuple of a cell to an array.
      return call(api.GET("/scores/table", { params: { query } })) as Promise<TableAnswer>;
    },
    ...cursorPaging,
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
