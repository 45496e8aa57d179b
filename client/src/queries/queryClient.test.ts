import { expect, test } from "vitest";
import { ApiError, UnreachableError } from "../api/errors";
import { queryClient } from "./queryClient";

const { retry, retryDelay } = queryClient.getDefaultOptions().queries ?? {};
const again = (error: Error, failures = 0) =>
  (retry as (failures: number, error: Error) => boolean)(failures, error);
const wait = (error: Error, failures = 0) =>
  (retryDelay as (failures: number, error: Error) => number)(failures, error);
const refusal = (status: number, retryAfter: number | null) =>
  new ApiError("No.", status, null, {}, retryAfter);

test("what is passing is asked for again, as late as the service wishes", () => {
  expect([again(refusal(503, null)), again(refusal(429, 3)), again(new UnreachableError())]).toEqual([
    true,
    true,
    true,
  ]);
  expect([wait(refusal(503, null)), wait(refusal(429, 3)), wait(refusal(429, 3), 2)]).toEqual([
    1000, 3000, 4000,
  ]);
});

test("a refusal, a long wait, and what fails again and again are told at once", () => {
  expect([again(refusal(404, null)), again(refusal(429, 60)), again(refusal(500, null), 3)]).toEqual([
    false,
    false,
    false,
  ]);
});
