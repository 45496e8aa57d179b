/** What happened on which day, as a calendar and as a curve. Days are UTC's, as the service counts them. */

import type { DayData } from "../../api/schema";

export interface Day {
  day: string;
  solved: number;
  submissions: number;
  /** From 0, for nothing, to 4. */
  level: number;
}

const DAY_MS = 86_400_000;
const DAYS_OF_A_WEEK = 7;
// Somebody who solves this many a day is as dark as it gets.
const FULL = 4;

/** Return the day that lies so many days after another; both as 2026-11-22. */
export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);
}

/** Return the weeks, Monday first, up to the one of `today`, whose coming days are null. */
export function calendarWeeks(days: DayData[], today: string, weeks: number): (Day | null)[][] {
  const byDay = new Map(days.map((one) => [one.day, one]));
  const sinceMonday = (new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % DAYS_OF_A_WEEK;
  const firstMonday = addDays(today, -sinceMonday - DAYS_OF_A_WEEK * (weeks - 1));
  return Array.from({ length: weeks }, (_, week) =>
    Array.from({ length: DAYS_OF_A_WEEK }, (_, weekday) => {
      const day = addDays(firstMonday, DAYS_OF_A_WEEK * week + weekday);
      return day > today ? null : cell(day, byDay.get(day));
    }),
  );
}

/** A day with tries but nothing solved is seen, and is less than one with something solved. */
function cell(day: string, found: DayData | undefined): Day {
  const { solved = 0, submissions = 0 } = found ?? {};
  const level = solved > 0 ? Math.min(solved + 1, FULL) : Math.min(submissions, 1);
  return { day, solved, submissions, level };
}

export interface Point {
  day: string;
  time: number;
  solved: number;
}

/**
 * Return how many exercises were solved on each day that changed it, from `since` to `today`. Where all of it lies after
 * `since`, the curve begins a week before the first: a beginner's first days are not squeezed into the edge of a year.
 */
export function solvedOverTime(days: DayData[], total: number, since: string, today: string): Point[] {
  const changing = days.filter(({ solved }) => solved > 0).sort((a, b) => a.day.localeCompare(b.day));
  let solved = total - changing.reduce((sum, one) => sum + one.solved, 0);
  const first = changing[0] && solved === 0 ? addDays(changing[0].day, -DAYS_OF_A_WEEK) : since;
  const points = [point(first > since ? first : since, solved)];
  for (const one of changing) {
    solved += one.solved;
    points.push(point(one.day, solved));
  }
  // To the end of today, so that what was solved today is more than an edge.
  return [...points, { ...point(today, solved), time: point(today, solved).time + DAY_MS }];
}

/** The most days that have room for a name below the curve. */
const MAX_TICKS = 6;

/** Return the times of the days to name below a curve: whole days, as far apart from each other, the last one today. */
export function chartTicks(points: Point[]): number[] {
  const first = points[0]?.time ?? 0;
  const today = (points.at(-1)?.time ?? DAY_MS) - DAY_MS;
  const step = DAY_MS * Math.max(1, Math.ceil((today - first + DAY_MS) / DAY_MS / MAX_TICKS));
  const count = Math.floor((today - first) / step) + 1;
  return Array.from({ length: count }, (_, index) => today - step * (count - 1 - index));
}

function point(day: string, solved: number): Point {
  return { day, time: Date.parse(`${day}T00:00:00Z`), solved };
}
