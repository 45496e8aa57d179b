import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "../api/errors";

const TRIES = 3;
const MAX_RETRY_AFTER_SECONDS = 5;

/** A refusal stays one; what is passing, or got lost on the way, may come through. */
function mayRecover(error: Error): boolean {
  return (
    !(error instanceof ApiError) || (error.isTemporary && (error.retryAfter ?? 0) <= MAX_RETRY_AFTER_SECONDS)
  );
}

/** Longer each time, and at least as long as the service asks for. */
function waitMs(failures: number, error: Error): number {
  const asked = error instanceof ApiError ? (error.retryAfter ?? 0) : 0;
  return 1000 * Math.max(2 ** failures, asked);
}

/** What was read is shown at once, and read again behind it: an unchanged answer is a 304. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) => failures < TRIES && mayRecover(error),
      retryDelay: waitMs,
    },
  },
});
