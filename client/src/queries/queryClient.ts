import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "../api/errors";

const MAX_RETRIES = 3;
const MAX_RETRY_AFTER_SECONDS = 5;

/** Network errors and temporary responses may pass; other responses of the API stay as they are. */
function isWorthRetrying(error: Error): boolean {
  if (!(error instanceof ApiError)) {
    return true;
  }
  return error.isTemporary && (error.retryAfter ?? 0) <= MAX_RETRY_AFTER_SECONDS;
}

/** Exponential backoff, and at least the `Retry-After` of the response. */
function retryDelayMs(failures: number, error: Error): number {
  const retryAfter = error instanceof ApiError ? (error.retryAfter ?? 0) : 0;
  return 1000 * Math.max(2 ** failures, retryAfter);
}

/** Cached data is shown at once and revalidated in the background; the API responds 304 if it has not changed. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) => failures < MAX_RETRIES && isWorthRetrying(error),
      retryDelay: retryDelayMs,
    },
  },
});
