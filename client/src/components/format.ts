/** Numbers and times as people read them. */

import { startOfDay } from "../api/dates";

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

/** Format a share between 0 and 1, or a dash if there is none. */
export function formatPercent(share: number | null | undefined): string {
  return share == null ? "–" : `${Math.round(share * 100)}%`;
}

export function formatCount(count: number): string {
  return count.toLocaleString();
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

const DATE_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export function formatDateTime(iso: string): string {
  return DATE_TIME.format(new Date(iso));
}

// The API's days are in UTC. The browser's time zone must not shift them.
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });

export function formatDay(day: string): string {
  return DAY.format(startOfDay(day));
}
