import { queryOptions } from "@tanstack/react-query";
import { api, call } from "../api/client";
import { MAX_PAGE_SIZE, readAll } from "../api/pagination";

/** The named sets of exercises. */
export const exerciseSetsQuery = queryOptions({
  queryKey: ["exercise-sets"],
  queryFn: () =>
    readAll(
      (cursor) => call(api.GET("/exercise-sets", { params: { query: { limit: MAX_PAGE_SIZE, cursor } } })),
      (page) => page.data.exercise_sets,
    ),
});
