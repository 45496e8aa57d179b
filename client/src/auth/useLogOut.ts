import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { api, call } from "../api/client";
import { endSession, readToken } from "../api/session";

/** Return a function that logs out: here at once, and at the service if it can be reached. */
export function useLogOut(): () => Promise<void> {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    const headers = { Authorization: `Bearer ${readToken()}` };
    endSession();
    queries.clear();
    navigate("/");
    // A token that cannot be revoked now expires by itself.
    await call(api.GET("/auth/logout", { headers })).catch(() => undefined);
  };
}
