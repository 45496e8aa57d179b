import { expect, test } from "vitest";
import { addDays } from "./dates";

test("days are added across the ends of months and years, and in leap years", () => {
  expect([addDays("2028-02-28", 1), addDays("2026-12-31", 1), addDays("2026-03-01", -1)]).toEqual([
    "2028-02-29",
    "2027-01-01",
    "2026-02-28",
  ]);
});
