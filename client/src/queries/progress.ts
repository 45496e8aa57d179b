import { queryOptions } from "@tanstack/react-query";
import { api, call } from "../api/client";
import { addDays } from "../pages/progress/activity";

/** Weeks of the calendar; a year and what makes its weeks whole, within the service's 366 days. */
export const WEEKS = 52;

/** A learner's progress in the last weeks, without a user the caller's own. */
export const progressQuery = (token: string | null, userId?: number) =>
  queryOptions({
    queryKey: ["progress", token, userId],
    enabled: token !== null,
    queryFn: async () => {
      const since = addDays(new Date().toISOString().slice(0, 10), -7 * WEEKS);
      const query = { since, user_id: userId };
      const { data } = await call(api.GET("/progress/user", { params: { query } }));
      return { ...data, since };
    },
  });
