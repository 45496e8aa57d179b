import { expect, test } from "vitest";
import { calendarWeeks, chartTicks, solvedCurve } from "./activity";

const DAYS = [
  { day: "2026-02-27", solved: 2, submissions: 5 },
  { day: "2026-03-01", solved: 0, submissions: 3 },
  { day: "2026-03-03", solved: 9, submissions: 9 },
];
const TODAY = "2026-03-04"; // a Wednesday

test("weeks begin on Monday, and end with the one of today", () => {
  const weeks = calendarWeeks(DAYS, TODAY, 2);
  expect(weeks.map((week) => week.map((cell) => cell?.day.slice(5)))).toEqual([
    ["02-23", "02-24", "02-25", "02-26", "02-27", "02-28", "03-01"],
    ["03-02", "03-03", "03-04", undefined, undefined, undefined, undefined],
  ]);
});

test("a day is darker the more was solved on it, and one with only failed submissions is not blank", () => {
  const levels = calendarWeeks(DAYS, TODAY, 2).flat();
  expect(levels.map((cell) => cell?.level)).toEqual([
    0,
    0,
    0,
    0,
    3,
    0,
    1,
    0,
    4,
    0,
    ...Array(4).fill(undefined),
  ]);
});

test("the curve of a new learner begins a week before the first solved exercise", () => {
  const points = solvedCurve([{ day: "2026-03-03", solved: 1, submissions: 1 }], 1, "2025-03-05", TODAY);
  expect(points.map(({ day, solved }) => [day, solved])).toEqual([
    ["2026-02-24", 0],
    ["2026-03-03", 1],
    ["2026-03-04", 1],
  ]);
});

test("the curve begins with what was solved before, and ends today with the total", () => {
  const points = solvedCurve(DAYS, 15, "2026-02-01", TODAY);
  expect(points.map(({ day, solved }) => [day, solved])).toEqual([
    ["2026-02-01", 4],
    ["2026-02-27", 6],
    ["2026-03-03", 15],
    ["2026-03-04", 15],
  ]);
});

/** Return the days that are labelled for a learner who solved one exercise on each of `days`. */
function labelledDays(days: string[], since: string): string[] {
  const solved = days.map((day) => ({ day, solved: 1, submissions: 1 }));
  const points = solvedCurve(solved, days.length, since, TODAY);
  return chartTicks(points).map((time) => new Date(time).toISOString().slice(0, 10));
}

test("today is the last labelled day, even if it is the only one", () => {
  expect(labelledDays([], TODAY)).toEqual([TODAY]);
  expect(labelledDays([TODAY], TODAY)).toEqual([TODAY]);
  expect(labelledDays([TODAY], "2026-03-03")).toEqual(["2026-03-03", TODAY]);
});

test("a week and a year have a few labels, evenly spaced", () => {
  expect(labelledDays([TODAY], "2025-03-05")).toEqual(["2026-02-26", "2026-02-28", "2026-03-02", TODAY]);
  expect(labelledDays([], "2025-03-05")).toEqual([
    "2025-05-03",
    "2025-07-03",
    "2025-09-02",
    "2025-11-02",
    "2026-01-02",
    TODAY,
  ]);
});
