import { queryOptions } from "@tanstack/react-query";
import { api, call } from "../api/client";
import { callWithETag } from "../api/etag";
import { parseExactly } from "../api/exactJson";
import { MAX_PAGE_SIZE, readAllPages } from "../api/pagination";
import type { ExerciseAnswer } from "../api/schema";
import { queryKeys } from "./queryKeys";

/** All exercises of the site. */
export const exercisesQuery = queryOptions({
  queryKey: queryKeys.exercises,
  queryFn: () =>
    readAllPages(
      (cursor) => call(api.GET("/exercises", { params: { query: { limit: MAX_PAGE_SIZE, cursor } } })),
      (page) => page.data.exercises,
    ),
});

export const exerciseQuery = (exerciseId: number) =>
  queryOptions({
    queryKey: queryKeys.exercise(exerciseId),
    queryFn: async () => {
      const params = { path: { exercise_id: exerciseId } };
      return (await call(api.GET("/exercises/{exercise_id}", { params }))).data;
    },
  });

/** An exercise to edit, with its ETag. It is never refetched in the background, which would replace what was typed. */
export const editedExerciseQuery = (exerciseId: number) =>
  queryOptions({
    queryKey: queryKeys.editedExercise(exerciseId),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    queryFn: async () => {
      const params = { path: { exercise_id: exerciseId } };
      const { body, etag } = await callWithETag(
        api.GET("/exercises/{exercise_id}", { params, parseAs: "text" }),
      );
      return { exercise: (parseExactly(body) as ExerciseAnswer).data, etag };
    },
  });
