/** Days as the API writes them: in UTC, such as 2026-11-22. */

const DAY_MS = 86_400_000;

export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** Return the midnight at which a day begins. */
export function startOfDay(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}

export function addDays(day: string, count: number): string {
  return new Date(startOfDay(day).getTime() + count * DAY_MS).toISOString().slice(0, 10);
}
