/** Numbers and times as people read them. */

const KIB = 1024;
const MIB = KIB * KIB;

export function formatMilliseconds(count: number): string {
  return count < 1000 ? `${Math.round(count)} ms` : `${Number((count / 1000).toFixed(2))} s`;
}

export function formatBytes(count: number): string {
  return count < MIB
    ? `${Math.round(count / KIB)} KB`
    : `${(count / MIB).toFixed(count < 10 * MIB ? 1 : 0)} MB`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}

const DAY_AND_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export function formatDateTime(iso: string): string {
  return DAY_AND_TIME.format(new Date(iso));
}

// Days of the API are UTC's: a browser elsewhere must not move them.
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });

export function formatDay(iso: string): string {
  return DAY.format(new Date(`${iso}T00:00:00Z`));
}
