import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, call } from "../api/client";
import { callWithETag } from "../api/etag";
import { nextCursor } from "../api/pagination";
import type { TableAnswer } from "../api/schema";

const LEARNERS_PAGE_SIZE = 200;

/** Learners by exercises. Pages are read as one comes near them, and all of them again only when asked. */
export const classTableQuery = (exerciseSet: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ["class-table", exerciseSet],
    queryFn: ({ pageParam }) => {
      const query = { exercise_set: exerciseSet, limit: LEARNERS_PAGE_SIZE, cursor: pageParam };
      // The library takes a place of three for a list.
      return call(api.GET("/scores/table", { params: { query } })) as Promise<TableAnswer>;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextCursor,
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });

/** A learner's score for an exercise with its tag, or null where there is none. */
export const scoreQuery = (userId: number, exerciseId: number) =>
  queryOptions({
    queryKey: ["score", userId, exerciseId],
    staleTime: 0,
    queryFn: async () => {
      const query = { user_id: userId, exercise_id: exerciseId, limit: 1 };
      const [found] = (await call(api.GET("/scores", { params: { query } }))).data.scores;
      if (!found) {
        return null;
      }
      const params = { path: { score_id: found.id } };
      const { body, tag } = await callWithETag(api.GET("/scores/{score_id}", { params }));
      return { score: body.data, tag };
    },
  });
