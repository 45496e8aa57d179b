import { expect, test } from "vitest";
import { ApiError, UnreachableError } from "../api/errors";
import { queryClient } from "./queryClient";

const { retry, retryDelay } = queryClient.getDefaultOptions().queries ?? {};
const retries = (error: Error, failures = 0) =>
  (retry as (failures: number, error: Error) => boolean)(failures, error);
const delay = (error: Error, failures = 0) =>
  (retryDelay as (failures: number, error: Error) => number)(failures, error);
const apiError = (status: number, retryAfter: number | null) =>
  new ApiError("No.", status, null, {}, retryAfter);

test("a temporary error is retried, not before its Retry-After", () => {
  expect([retries(apiError(503, null)), retries(apiError(429, 3)), retries(new UnreachableError())]).toEqual([
    true,
    true,
    true,
  ]);
  expect([delay(apiError(503, null)), delay(apiError(429, 3)), delay(apiError(429, 3), 2)]).toEqual([
    1000, 3000, 4000,
  ]);
});

test("other errors, a long Retry-After and repeated failures are not retried", () => {
  expect([retries(apiError(404, null)), retries(apiError(429, 60)), retries(apiError(500, null), 3)]).toEqual(
    [false, false, false],
  );
});
