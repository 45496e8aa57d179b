/** How the page names and colours the verdict of a test case or of a whole submission. */

import type { Verdict } from "../../api/schema";

export type Tone = "good" | "bad" | "warn";

const LABELS: Record<Verdict, string> = {
  accepted: "Accepted",
  wrong_answer: "Wrong answer",
  runtime_error: "Runtime error",
  syntax_error: "Syntax error",
  compile_error: "Compile error",
  memory_limit: "Memory limit exceeded",
  time_limit: "Time limit exceeded",
  forbidden_call: "Forbidden system call",
  protocol_violation: "Interfered with the grader",
  output_limit: "Too much output",
  sandbox_error: "Could not be graded",
  not_run: "Not run",
};

export function verdictLabel(verdict: Verdict): string {
  return LABELS[verdict];
}

/** A warning is for what is not the learner's mistake. */
export function verdictTone(verdict: Verdict): Tone {
  if (verdict === "accepted") {
    return "good";
  }
  return verdict === "sandbox_error" || verdict === "not_run" ? "warn" : "bad";
}

/** Return whether a submission is correct, in a few words. */
export function verdictHeadline(verdict: Verdict): string {
  if (verdict === "compile_error") {
    return "This does not compile.";
  }
  return { good: "Correct!", bad: "Incorrect!", warn: "This could not be graded." }[verdictTone(verdict)];
}
