import type { Source, UserChangeData } from "../../api/schema";

const SOURCES: Record<Source, string> = {
  self_reported: "reported by the learner's site",
  graded: "decided by a grader",
  override: "decided by an admin",
  imported: "imported",
};

/** Return in words what an entry of the ledger records. */
export function describeChange({
  action,
  source,
  submission_id,
  rejudge_id,
}: Pick<UserChangeData, "action" | "source" | "submission_id" | "rejudge_id">): string {
  if (action === "deleted") {
    return "deleted";
  }
  if (rejudge_id !== null) {
    return `by rejudge ${rejudge_id}`;
  }
  return submission_id === null ? SOURCES[source] : `graded, submission ${submission_id}`;
}
