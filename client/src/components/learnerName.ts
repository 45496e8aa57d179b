/** Return what a learner is called: the number where the names are kept elsewhere. */
export function learnerName(userId: number, username: string | null | undefined): string {
  return username ?? `Learner ${userId}`;
}
