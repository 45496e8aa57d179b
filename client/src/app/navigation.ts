import { type Role, STAFF_ROLES } from "../auth/useUser";

interface NavigationEntry {
  to: string;
  label: string;
  /** The roles that the entry is shown to; everybody by default. */
  roles?: readonly Role[];
}

const ALL_ROLES: readonly Role[] = ["learner", ...STAFF_ROLES];

/** The entries of the header. The API decides who may do what; the header only hides what would be refused. */
const NAVIGATION: readonly NavigationEntry[] = [
  { to: "/", label: "Exercises" },
  { to: "/progress", label: "Progress", roles: ALL_ROLES },
  { to: "/leaderboard", label: "Leaderboard" },
  { to: "/teach", label: "Teach", roles: STAFF_ROLES },
];

export function navigationFor(role: Role | undefined): NavigationEntry[] {
  return NAVIGATION.filter(({ roles }) => !roles || (role !== undefined && roles.includes(role)));
}
