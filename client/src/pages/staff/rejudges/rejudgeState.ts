import type { RejudgeData } from "../../../api/schema";
import { plural } from "../../../components/format";

/** Return in words how far a rejudge is. */
export function rejudgeStateLabel({ state, applied, skipped, restored }: RejudgeData): string {
  switch (state) {
    case "queued":
      return "Waiting for its turn";
    case "running":
      return "Judging";
    case "ready":
      return "Waiting for your decision";
    case "applied":
      return `Applied: ${plural(applied ?? 0, "score")} changed${leftAlone(skipped)}`;
    case "undone":
      return `Undone: ${plural(restored ?? 0, "score")} changed back`;
    case "failed":
      return "Failed: nothing was changed";
  }
}

function leftAlone(skipped: number | null): string {
  return skipped ? `, ${skipped} left alone since they had changed meanwhile` : "";
}
