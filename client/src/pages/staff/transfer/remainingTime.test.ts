import { expect, test } from "vitest";
import { formatDuration, secondsLeft } from "./remainingTime";

test("the remaining time is estimated from the speed so far", () => {
  expect(secondsLeft({ done: 250, total: 1000, elapsed: 2000 })).toBe(6);
});

test("there is no estimate without progress, without a total, at the start or at the end", () => {
  expect(secondsLeft({ done: 0, total: 1000, elapsed: 5000 })).toBeNull();
  expect(secondsLeft({ done: 10, total: null, elapsed: 5000 })).toBeNull();
  expect(secondsLeft({ done: 10, total: 1000, elapsed: 10 })).toBeNull();
  expect(secondsLeft({ done: 1000, total: 1000, elapsed: 5000 })).toBeNull();
});

test("durations have the unit that fits", () => {
  expect([59, 60, 3599, 5400].map(formatDuration)).toEqual(["59 s", "1 min", "60 min", "1.5 h"]);
});
