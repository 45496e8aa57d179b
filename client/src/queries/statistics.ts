import { queryOptions } from "@tanstack/react-query";
import { api, call } from "../api/client";
import { MAX_PAGE_SIZE, readAllPages } from "../api/pagination";
import { queryKeys } from "./queryKeys";

/** Solve rate and attempts of every exercise, by exercise id. */
export const allStatisticsQuery = queryOptions({
  queryKey: queryKeys.statistics.ofEveryExercise,
  queryFn: async () => {
    const rows = await readAllPages(
      (cursor) => call(api.GET("/exercises/stats", { params: { query: { limit: MAX_PAGE_SIZE, cursor } } })),
      (page) => page.data.statistics,
    );
    return new Map(rows.map((row) => [row.exercise_id, row]));
  },
});

/** The statistics of one exercise, with the verdicts of its latest submissions. */
export const statisticsQuery = (exerciseId: number) =>
  queryOptions({
    queryKey: queryKeys.statistics.ofExercise(exerciseId),
    queryFn: async () => {
      const params = { path: { exercise_id: exerciseId } };
      const [figures, verdicts] = await Promise.all([
        call(api.GET("/exercises/{exercise_id}/stats", { params })),
        call(api.GET("/exercises/{exercise_id}/stats/verdicts", { params })),
      ]);
      return { figures: figures.data, verdicts: verdicts.data };
    },
  });
