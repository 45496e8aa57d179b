import { useQuery } from "@tanstack/react-query";
import { api, call } from "../api/client";
import { ApiError } from "../api/errors";

const NOT_FOUND = 404;

/** Whether another service keeps the users: then this one has no list of them. Undefined until that is known. */
export function useUsersElsewhere(): boolean | undefined {
  const { error, isPending } = useQuery({
    queryKey: ["users-elsewhere"],
    queryFn: () => call(api.GET("/users", { params: { query: { limit: 1 } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return isPending ? undefined : error instanceof ApiError && error.httpStatus === NOT_FOUND;
}
