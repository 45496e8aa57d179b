import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, call } from "../api/client";
import { cursorPaging, MAX_PAGE_SIZE } from "../api/pagination";
import { queryKeys } from "./queryKeys";

export const usersQuery = infiniteQueryOptions({
  queryKey: queryKeys.users,
  queryFn: ({ pageParam }) =>
    call(api.GET("/users", { params: { query: { limit: MAX_PAGE_SIZE, cursor: pageParam } } })),
  ...cursorPaging,
});

/** A user. With an external users-service the query fails, and pages show the user's number instead of a name. */
export const userQuery = (userId: number) =>
  queryOptions({
    queryKey: queryKeys.user(userId),
    queryFn: async () =>
      (await call(api.GET("/users/{user_id}", { params: { path: { user_id: userId } } }))).data,
  });
