/** What a rejudge would change, counted for the one who decides. */

import type { ChangeData, ScoreResult } from "../../../api/schema";

export type Direction = "better" | "worse" | "other";

/** Return whether a learner gains: what is solved weighs more than points, which are compared as shares. */
export function directionOf({ before, after }: Pick<ChangeData, "before" | "after">): Direction {
  if (before.correct !== after.correct) {
    return after.correct ? "better" : "worse";
  }
  const [was, becomes] = [share(before), share(after)];
  if (was === null || becomes === null || was === becomes) {
    return "other";
  }
  return becomes > was ? "better" : "worse";
}

export function countDirections(changes: Pick<ChangeData, "before" | "after">[]): Record<Direction, number> {
  const counts = { better: 0, worse: 0, other: 0 };
  for (const change of changes) {
    counts[directionOf(change)] += 1;
  }
  return counts;
}

function share({ points, max_points }: ScoreResult): number | null {
  return points === null || !max_points ? null : points / max_points;
}

/** Return what a score says, in words. */
export function describeResult({ correct, points, max_points }: ScoreResult): string {
  const word = correct ? "solved" : "not solved";
  return points === null ? word : `${word}, ${points}/${max_points}`;
}
