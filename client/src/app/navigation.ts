import { type Role, STAFF_ROLES } from "../auth/useUser";

export interface Entry {
  to: string;
  label: string;
  /** Whom the entry is shown to; absent: everybody. */
  roles?: readonly Role[];
}

const ALL_ROLES: readonly Role[] = ["learner", ...STAFF_ROLES];

/** What the header leads to. The service decides who may do what; this only spares people what is not for them. */
export const NAVIGATION: readonly Entry[] = [
  { to: "/", label: "Exercises" },
  { to: "/progress", label: "Progress", roles: ALL_ROLES },
  { to: "/leaderboard", label: "Leaderboard" },
  { to: "/teach", label: "Teach", roles: STAFF_ROLES },
];

export function entriesFor(role: Role | undefined): Entry[] {
  return NAVIGATION.filter(({ roles }) => !roles || (role !== undefined && roles.includes(role)));
}
