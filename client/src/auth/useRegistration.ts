import { useQuery } from "@tanstack/react-query";
import { api, call } from "../api/client";
import { ApiError } from "../api/errors";
import type { Registration } from "../api/schema";
import { queryKeys } from "../queries/queryKeys";

/** Who may register here; "elsewhere" where another service keeps the users. */
export type RegistrationMode = Registration["registration"] | "elsewhere";

const NOT_FOUND = 404;

/** Who may register; undefined until that is known. While the service fails, as by default. */
export function useRegistration(): RegistrationMode | undefined {
  const { data, error, isPending } = useQuery({
    queryKey: queryKeys.registration,
    queryFn: async () => (await call(api.GET("/auth/registration"))).data.registration,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (isPending) {
    return undefined;
  }
  return data ?? (error instanceof ApiError && error.httpStatus === NOT_FOUND ? "elsewhere" : "open");
}

/** Whether people can register themselves, with or without an invitation. */
export function canRegister(mode: RegistrationMode | undefined): boolean {
  return mode === "open" || mode === "invite";
}
