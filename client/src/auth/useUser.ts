import { useQuery } from "@tanstack/react-query";
import { api, call } from "../api/client";
import type { OwnUser } from "../api/schema";
import { useToken } from "./session";

export type Role = OwnUser["role"];

export const STAFF: readonly Role[] = ["grader", "admin"];

/** Who is logged in: undefined while that is being asked, null for nobody. */
export function useUser(): OwnUser | null | undefined {
  const token = useToken();
  const { data, isError } = useQuery({
    queryKey: ["user", token],
    queryFn: async () => (await call(api.GET("/auth/status"))).data,
    enabled: token !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (token === null || isError) {
    return null;
  }
  return data;
}
