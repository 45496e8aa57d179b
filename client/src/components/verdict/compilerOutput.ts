import type { CaseResultData } from "./CaseResult";

interface Result {
  cases: CaseResultData[] | null;
}

/** Return what the compiler printed about an answer that does not compile. It is the error of one of the test cases. */
export function compilerOutput(result: Result | null | undefined): string | undefined {
  return result?.cases?.find(({ verdict }) => verdict === "compile_error")?.error ?? undefined;
}
