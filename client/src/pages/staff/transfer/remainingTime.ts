/** The progress of a transfer, and an estimate of the remaining time. */

export interface Progress {
  /** Bytes. */
  done: number;
  /** Bytes; null if it is unknown. */
  total: number | null;
  /** Milliseconds since the start. */
  elapsed: number;
}

// The speed of a shorter time varies too much for an estimate.
const MIN_ELAPSED_MS = 1000;

/** Return how many seconds are left at the speed so far, or null if it cannot be estimated. */
export function secondsLeft({ done, total, elapsed }: Progress): number | null {
  if (total === null || done === 0 || elapsed < MIN_ELAPSED_MS || done >= total) {
    return null;
  }
  return Math.ceil(((total - done) * elapsed) / done / 1000);
}

export function formatDuration(seconds: number): string {
  if (seconds < 60) {
    return `${seconds} s`;
  }
  return seconds < 3600 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
