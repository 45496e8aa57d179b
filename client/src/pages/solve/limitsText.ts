import type { ExerciseData } from "../../api/schema";
import { formatBytes, formatMilliseconds } from "../../components/format";

/** Return the limits of each test case as a sentence. */
export function limitsText({
  cpu_ms,
  memory_bytes,
}: Pick<ExerciseData["limits"], "cpu_ms" | "memory_bytes">): string {
  return cpu_ms && memory_bytes
    ? `Each test case may use ${formatMilliseconds(cpu_ms)} of CPU time and ${formatBytes(memory_bytes)} of memory.`
    : "";
}
