import { queryOptions } from "@tanstack/react-query";
import { api, call } from "../api/client";
import { callWithETag } from "../api/etag";
import { parseExactly } from "../api/exactJson";
import { MAX_PAGE_SIZE, readAll } from "../api/pagination";
import type { ExerciseAnswer } from "../api/schema";

/** An exercise to be edited, with its tag. Read once: what is typed must not be replaced behind one's back. */
export const editedExerciseQuery = (exerciseId: number) =>
  queryOptions({
    queryKey: ["edited-exercise", exerciseId],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    queryFn: async () => {
      const params = { path: { exercise_id: exerciseId } };
      const { body, tag } = await callWithETag(
        api.GET("/exercises/{exercise_id}", { params, parseAs: "text" }),
      );
      return { exercise: (parseExactly(body) as ExerciseAnswer).data, tag };
    },
  });

/** Solve rate and attempts by exercise. */
export const allStatisticsQuery = queryOptions({
  queryKey: ["statistics"],
  queryFn: async () => {
    const rows = await readAll(
      (cursor) => call(api.GET("/exercises/stats", { params: { query: { limit: MAX_PAGE_SIZE, cursor } } })),
      (page) => page.data.statistics,
    );
    return new Map(rows.map((row) => [row.exercise_id, row]));
  },
});
