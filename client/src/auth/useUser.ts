import { useQuery } from "@tanstack/react-query";
import { api, call } from "../api/client";
import type { OwnUser } from "../api/schema";
import { useToken } from "../api/session";
import { queryKeys } from "../queries/queryKeys";

export type Role = OwnUser["role"];

export const STAFF_ROLES: readonly Role[] = ["grader", "admin"];

const RETRY_MS = 5000;

/** Who is logged in: undefined while that is not known, also because the service fails; null for nobody. */
export function useUser(): OwnUser | null | undefined {
  const token = useToken();
  const { data } = useQuery({
    queryKey: queryKeys.currentUser(token),
    queryFn: async () => named((await call(api.GET("/auth/status"))).data),
    enabled: token !== null,
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state }) => (state.status === "error" ? RETRY_MS : false),
  });
  return token === null ? null : data;
}

/** Where another service keeps the users, this one knows no names. */
function named(user: OwnUser): OwnUser {
  return { ...user, username: user.username ?? `User ${user.id}` };
}
