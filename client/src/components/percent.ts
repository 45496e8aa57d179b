/** Return a share as people read it; a dash where there is none. */
export function formatPercent(share: number | null | undefined): string {
  return share == null ? "–" : `${Math.round(share * 100)} %`;
}
