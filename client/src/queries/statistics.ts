import { queryOptions } from "@tanstack/react-query";
import { api, call } from "../api/client";

export const statisticsQuery = (exerciseId: number) =>
  queryOptions({
    queryKey: ["statistics", exerciseId],
    queryFn: async () => {
      const params = { path: { exercise_id: exerciseId } };
      const [figures, verdicts] = await Promise.all([
        call(api.GET("/exercises/{exercise_id}/stats", { params })),
        call(api.GET("/exercises/{exercise_id}/stats/verdicts", { params })),
      ]);
      return { figures: figures.data, verdicts: verdicts.data };
    },
  });
