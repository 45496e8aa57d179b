import { useQuery } from "@tanstack/react-query";
import { api, call } from "../api/client";
import { ApiError } from "../api/errors";
import type { Registration } from "../api/schema";
import { queryKeys } from "../queries/queryKeys";

/** Who may register; "external" if an external users-service keeps the accounts. */
export type RegistrationMode = Registration["registration"] | "external";

const NOT_FOUND = 404;

/** Return who may register, or undefined until that is known. If the request fails, the default. */
export function useRegistration(): RegistrationMode | undefined {
  const { data, error, isPending } = useQuery({
    queryKey: queryKeys.registration,
    queryFn: async () => (await call(api.GET("/auth/registration"))).data.registration,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (isPending) {
    return undefined;
  }
  return data ?? (error instanceof ApiError && error.httpStatus === NOT_FOUND ? "external" : "open");
}

/** Return whether people can register themselves, with or without an invitation. */
export function canRegister(mode: RegistrationMode | undefined): boolean {
  return mode === "open" || mode === "invite";
}
