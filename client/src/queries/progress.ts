import { queryOptions } from "@tanstack/react-query";
import { api, call } from "../api/client";
import { addDays, today } from "../api/dates";
import { queryKeys } from "./queryKeys";

/** Weeks in the activity calendar: a year, which is less than the 366 days that the API allows. */
export const PROGRESS_WEEKS = 52;

/** The progress of a user over the last weeks; without a user id, the caller's own. */
export const progressQuery = (token: string | null, userId?: number) =>
  queryOptions({
    queryKey: userId === undefined ? queryKeys.progress.own(token) : queryKeys.progress.ofUser(token, userId),
    enabled: token !== null,
    queryFn: async () => {
      const since = addDays(today(), -7 * PROGRESS_WEEKS);
      const query = { since, user_id: userId };
      const { data } = await call(api.GET("/progress/user", { params: { query } }));
      return { ...data, since };
    },
  });
