import type { Source, UserChangeData } from "../../api/schema";

const SOURCES: Record<Source, string> = {
  self_reported: "reported by the learner's site",
  graded: "set by a grader",
  override: "set by an admin",
  imported: "imported",
};

/** Return in words how a change of a score came about. */
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
