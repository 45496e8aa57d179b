/** How far a transfer is, and how long it will take. */

export interface Progress {
  /** Bytes. */
  done: number;
  /** Bytes; null where nobody said. */
  total: number | null;
  /** Milliseconds since it began. */
  elapsed: number;
}

// Before that, a speed is nothing but chance.
const MIN_ELAPSED_MS = 1000;

/** Return how many seconds are left at the speed so far, or null where that cannot be told. */
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
