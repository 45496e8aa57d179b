import type { RejudgeData } from "../../../api/schema";
import { plural } from "../../../components/format";

/** Return the state of a rejudge in words. */
export function rejudgeStateLabel({ state, applied, skipped, restored }: RejudgeData): string {
  switch (state) {
    case "queued":
      return "Queued";
    case "running":
      return "In progress";
    case "ready":
      return "Waiting for your decision";
    case "applied":
      return `Applied: ${plural(applied ?? 0, "score")} changed${skippedScores(skipped)}`;
    case "undone":
      return `Undone: ${plural(restored ?? 0, "score")} restored`;
    case "failed":
      return "Failed: no score was changed";
  }
}

function skippedScores(skipped: number | null): string {
  return skipped ? `, ${skipped} skipped because they had changed since` : "";
}
