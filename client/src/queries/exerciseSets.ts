import { queryOptions } from "@tanstack/react-query";
import { api, call } from "../api/client";
import { LONGEST_PAGE, readAll } from "../api/pages";

/** The named sets of exercises. */
export const setsQuery = queryOptions({
  queryKey: ["exercise-sets"],
  queryFn: () =>
    readAll(
      (cursor) => call(api.GET("/exercise-sets", { params: { query: { limit: LONGEST_PAGE, cursor } } })),
      (page) => page.data.exercise_sets,
    ),
});
