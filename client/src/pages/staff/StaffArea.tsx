import { NavLink, Outlet } from "react-router";
import { LogInPrompt } from "../../auth/LogInPrompt";
import { STAFF_ROLES, useUser } from "../../auth/useUser";
import { Skeleton } from "../../components/Skeleton";
import { AccessDenied } from "./AccessDenied";
import styles from "./StaffArea.module.css";

const TABS = [
  ["/teach", "Class"],
  ["/teach/exercises", "Exercises"],
  ["/teach/sets", "Sets"],
  ["/teach/learners", "Learners"],
  ["/teach/transfer", "Import and export"],
] as const;

/** The frame of every page for staff. The API decides who may do what; this only spares users a refusal. */
export function Component() {
  const user = useUser();
  if (user === undefined) {
    return <Skeleton lines={8} />;
  }
  if (user === null) {
    return <LogInPrompt toSee="the pages for teachers" />;
  }
  if (!STAFF_ROLES.includes(user.role)) {
    return <AccessDenied audience="teachers" />;
  }
  return (
    <>
      <nav aria-label="Teach" className={styles.tabs}>
        <ul>
          {TABS.map(([to, label]) => (
            <li key={to}>
              <NavLink to={to} end={to === "/teach"}>
                {label}
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
      <Outlet />
    </>
  );
}
