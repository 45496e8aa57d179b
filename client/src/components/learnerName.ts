/** Return the name of a learner, or their number if an external users-service keeps the names. */
export function learnerName(userId: number, username: string | null | undefined): string {
  return username ?? `Learner ${userId}`;
}
