import { type Role, STAFF } from "../auth/useUser";

export interface Entry {
  to: string;
  label: string;
  /** Whom the entry is shown to; absent: everybody. */
  roles?: readonly Role[];
}

const EVERYBODY_LOGGED_IN: readonly Role[] = ["learner", ...STAFF];

/** What the header leads to. The service decides who may do what; this only spares people what is not for them. */
export const ENTRIES: readonly Entry[] = [
  { to: "/", label: "Exercises" },
  { to: "/progress", label: "Progress", roles: EVERYBODY_LOGGED_IN },
  { to: "/leaderboard", label: "Leaderboard" },
];

export function entriesFor(role: Role | undefined): Entry[] {
  return ENTRIES.filter(({ roles }) => !roles || (role !== undefined && roles.includes(role)));
}
