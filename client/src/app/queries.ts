import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "../api/errors";

const TRIES = 3;

/** What was read is shown at once, and read again behind it: an unchanged answer is a 304. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // A refusal stays one; what is passing, or got lost on the way, may come through.
      retry: (failures, error) => failures < TRIES && (!(error instanceof ApiError) || error.isPassing),
    },
  },
});
