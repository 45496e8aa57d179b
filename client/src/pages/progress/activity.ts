/** A learner's activity by day, as a calendar and as a curve. The API counts days in UTC. */

import { addDays, startOfDay } from "../../api/dates";
import type { DayData } from "../../api/schema";

export interface CalendarDay {
  day: string;
  solved: number;
  submissions: number;
  /** The shade, from 0 (nothing) to 4. */
  level: number;
}

const DAY_MS = 86_400_000;
const DAYS_PER_WEEK = 7;
const MAX_LEVEL = 4;

/** Return the weeks up to the current one, each from Monday to Sunday. Days after `today` are null. */
export function calendarWeeks(days: DayData[], today: string, weeks: number): (CalendarDay | null)[][] {
  const byDay = new Map(days.map((data) => [data.day, data]));
  const daysSinceMonday = (startOfDay(today).getUTCDay() + 6) % DAYS_PER_WEEK;
  const firstMonday = addDays(today, -daysSinceMonday - DAYS_PER_WEEK * (weeks - 1));
  return Array.from({ length: weeks }, (_, week) =>
    Array.from({ length: DAYS_PER_WEEK }, (_, weekday) => {
      const day = addDays(firstMonday, DAYS_PER_WEEK * week + weekday);
      return day > today ? null : calendarDay(day, byDay.get(day));
    }),
  );
}

/** Submissions without a solved exercise give level 1, each solved exercise one level more. */
function calendarDay(day: string, data: DayData | undefined): CalendarDay {
  const { solved = 0, submissions = 0 } = data ?? {};
  const level = solved > 0 ? Math.min(solved + 1, MAX_LEVEL) : Math.min(submissions, 1);
  return { day, solved, submissions, level };
}

export interface CurvePoint {
  day: string;
  time: number;
  solved: number;
}

/**
 * Return the number of solved exercises from `since` to `today`, with a point for each day that changed it. If nothing
 * was solved before `since`, the curve starts a week before the first solved exercise, which would otherwise be squeezed
 * into the edge of the chart.
 */
export function solvedCurve(days: DayData[], total: number, since: string, today: string): CurvePoint[] {
  const changes = days.filter(({ solved }) => solved > 0).sort((a, b) => a.day.localeCompare(b.day));
  let solved = total - changes.reduce((sum, change) => sum + change.solved, 0);
  const weekBefore = changes[0] && solved === 0 ? addDays(changes[0].day, -DAYS_PER_WEEK) : since;
  const points = [curvePoint(weekBefore > since ? weekBefore : since, solved)];
  for (const change of changes) {
    solved += change.solved;
    points.push(curvePoint(change.day, solved));
  }
  // The curve ends at the end of today, so that today has a width.
  const last = curvePoint(today, solved);
  return [...points, { ...last, time: last.time + DAY_MS }];
}

function curvePoint(day: string, solved: number): CurvePoint {
  return { day, time: startOfDay(day).getTime(), solved };
}

const MAX_TICKS = 6;

/** Return the times of the days to label below a curve: evenly spaced whole days, the last of them today. */
export function chartTicks(points: CurvePoint[]): number[] {
  const first = points[0]?.time ?? 0;
  const today = (points.at(-1)?.time ?? DAY_MS) - DAY_MS;
  const step = DAY_MS * Math.max(1, Math.ceil((today - first + DAY_MS) / DAY_MS / MAX_TICKS));
  const count = Math.floor((today - first) / step) + 1;
  return Array.from({ length: count }, (_, index) => today - step * (count - 1 - index));
}
