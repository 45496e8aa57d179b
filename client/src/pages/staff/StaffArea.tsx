import { NavLink, Outlet } from "react-router";
import { LogInPrompt } from "../../auth/LogInPrompt";
import { STAFF_ROLES, useUser } from "../../auth/useUser";
import { Skeleton } from "../../components/Skeleton";
import { AccessDenied } from "./AdminsOnly";
import styles from "./StaffArea.module.css";

const PLACES = [
  ["/teach", "Class"],
  ["/teach/exercises", "Exercises"],
  ["/teach/sets", "Sets"],
  ["/teach/learners", "Learners"],
  ["/teach/transfer", "Import and export"],
] as const;

/** What stands around every page for staff. The service decides who may do what; this says it before one tries. */
export function Component() {
  const user = useUser();
  if (user === undefined) {
    return <Skeleton lines={8} />;
  }
  if (user === null) {
    return <LogInPrompt what="the pages for teachers" />;
  }
  if (!STAFF_ROLES.includes(user.role)) {
    return <AccessDenied whom="teachers" />;
  }
  return (
    <>
      <nav aria-label="Teach" className={styles.tabs}>
        <ul>
          {PLACES.map(([to, label]) => (
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
