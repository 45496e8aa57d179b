import { useQuery } from "@tanstack/react-query";
import { api, call } from "../api/client";
import type { OwnUser } from "../api/schema";
import { useToken } from "../api/session";
import { queryKeys } from "../queries/queryKeys";

export type Role = OwnUser["role"];

export const STAFF_ROLES: readonly Role[] = ["grader", "admin"];

const RETRY_MS = 5000;

/** Return the user who is logged in: null if nobody is, undefined while it is not known, also because of an error. */
export function useUser(): OwnUser | null | undefined {
  const token = useToken();
  const { data } = useQuery({
    queryKey: queryKeys.currentUser(token),
    queryFn: async () => withUsername((await call(api.GET("/auth/status"))).data),
    enabled: token !== null,
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state }) => (state.status === "error" ? RETRY_MS : false),
  });
  return token === null ? null : data;
}

export function useIsAdmin(): boolean {
  return useUser()?.role === "admin";
}

/** An external users-service may give no names. */
function withUsername(user: OwnUser): OwnUser {
  return { ...user, username: user.username ?? `User ${user.id}` };
}
