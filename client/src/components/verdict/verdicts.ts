/** The words for how a case, or a whole answer, ended. */

import type { Verdict } from "../../api/schema";

export type Tone = "good" | "bad" | "warn";

const WORDS: Record<Verdict, string> = {
  accepted: "Accepted",
  wrong_answer: "Wrong answer",
  runtime_error: "Error while running",
  syntax_error: "Syntax error",
  memory_limit: "Out of memory",
  time_limit: "Out of time",
  forbidden_call: "Forbidden system call",
  protocol_violation: "Wrote where only the grader may",
  output_limit: "Too much output",
  sandbox_error: "Could not be graded",
  not_run: "Not run",
};

export function verdictLabel(verdict: Verdict): string {
  return WORDS[verdict];
}

/** Not to be graded, or not to be run, is nobody's mistake. */
export function verdictTone(verdict: Verdict): Tone {
  if (verdict === "accepted") {
    return "good";
  }
  return verdict === "sandbox_error" || verdict === "not_run" ? "warn" : "bad";
}

/** The one word that everybody looks for. */
export function verdictHeadline(verdict: Verdict): string {
  return { good: "Correct!", bad: "Incorrect!", warn: "This could not be graded." }[verdictTone(verdict)];
}
