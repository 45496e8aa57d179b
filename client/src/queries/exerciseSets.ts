import { queryOptions } from "@tanstack/react-query";
import { api, call } from "../api/client";
import { MAX_PAGE_SIZE, readAllPages } from "../api/pagination";
import { queryKeys } from "./queryKeys";

/** All named sets of exercises. */
export const exerciseSetsQuery = queryOptions({
  queryKey: queryKeys.exerciseSets,
  queryFn: () =>
    readAllPages(
      (cursor) => call(api.GET("/exercise-sets", { params: { query: { limit: MAX_PAGE_SIZE, cursor } } })),
      (page) => page.data.exercise_sets,
    ),
});
