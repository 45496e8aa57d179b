import { queryOptions } from "@tanstack/react-query";
import { api, call } from "../api/client";
import { parseExactly } from "../api/exactJson";
import { LONGEST_PAGE, readAll } from "../api/pages";
import type { ExerciseAnswer } from "../api/schema";
import { callTagged } from "../api/tagged";

/** An exercise to be edited, with its tag. Read once: what is typed must not be replaced behind one's back. */
export const editedQuery = (exerciseId: number) =>
  queryOptions({
    queryKey: ["edited-exercise", exerciseId],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    queryFn: async () => {
      const params = { path: { exercise_id: exerciseId } };
      const { body, tag } = await callTagged(
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
      (cursor) => call(api.GET("/exercises/stats", { params: { query: { limit: LONGEST_PAGE, cursor } } })),
      (page) => page.data.statistics,
    );
    return new Map(rows.map((row) => [row.exercise_id, row]));
  },
});
