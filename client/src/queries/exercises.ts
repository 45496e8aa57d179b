import { queryOptions } from "@tanstack/react-query";
import { api, call } from "../api/client";
import { MAX_PAGE_SIZE, readAll } from "../api/pagination";

/** The whole catalogue. */
export const exercisesQuery = queryOptions({
  queryKey: ["exercises"],
  queryFn: () =>
    readAll(
      (cursor) => call(api.GET("/exercises", { params: { query: { limit: MAX_PAGE_SIZE, cursor } } })),
      (page) => page.data.exercises,
    ),
});

/** The caller's own scores, by exercise. */
export const ownScoresQuery = (token: string | null) =>
  queryOptions({
    queryKey: ["scores", token],
    enabled: token !== null,
    queryFn: async () => {
      const scores = await readAll(
        (cursor) => call(api.GET("/scores/user", { params: { query: { limit: MAX_PAGE_SIZE, cursor } } })),
        (page) => page.data.scores,
      );
      return new Map(scores.map((score) => [score.exercise_id, score]));
    },
  });
