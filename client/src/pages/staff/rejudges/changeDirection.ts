/** Whether the changes of a rejudge are better or worse for the learners. */

import type { ChangeData, ScoreResult } from "../../../api/schema";

export type Direction = "better" | "worse" | "other";

/** Solving counts more than points, and points are compared as shares of the maximum. */
export function directionOf({ before, after }: Pick<ChangeData, "before" | "after">): Direction {
  if (before.correct !== after.correct) {
    return after.correct ? "better" : "worse";
  }
  const [oldShare, newShare] = [pointShare(before), pointShare(after)];
  if (oldShare === null || newShare === null || oldShare === newShare) {
    return "other";
  }
  return newShare > oldShare ? "better" : "worse";
}

export function countDirections(changes: Pick<ChangeData, "before" | "after">[]): Record<Direction, number> {
  const counts = { better: 0, worse: 0, other: 0 };
  for (const change of changes) {
    counts[directionOf(change)] += 1;
  }
  return counts;
}

function pointShare({ points, max_points }: ScoreResult): number | null {
  return points === null || !max_points ? null : points / max_points;
}

/** Return a score in words. */
export function describeResult({ correct, points, max_points }: ScoreResult): string {
  const word = correct ? "solved" : "not solved";
  return points === null ? word : `${word}, ${points}/${max_points}`;
}
