import { Link, NavLink } from "react-router";
import { useToken } from "../api/session";
import { useLogOut } from "../auth/useLogOut";
import { canRegister, useRegistration } from "../auth/useRegistration";
import { useReturnTo } from "../auth/useReturnTo";
import { useUser } from "../auth/useUser";
import styles from "./Header.module.css";
import { entriesFor } from "./navigation";
import { ThemeToggle } from "./ThemeToggle";

export function Header() {
  const user = useUser();
  const token = useToken();
  // Until the role is known, what everybody has who is logged in: so the entries do not jump.
  const role = user?.role ?? (token === null ? undefined : "learner");
  return (
    <header className={styles.header}>
      <div className={styles.row}>
        <Link to="/" className={styles.brand} aria-label="Exercises, home">
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="8" />
            <path d="M8 17.5l5.5 5.5L24.5 10" />
          </svg>
        </Link>
        <nav aria-label="Main">
          <ul>
            {entriesFor(role).map(({ to, label }) => (
              <li key={to}>
                <NavLink to={to} end={to === "/"}>
                  {label}
                </NavLink>
              </li>
            ))}
          </ul>
        </nav>
        <div className={styles.account}>
          {token === null ? <LogInOrRegister /> : <LogOut username={user?.username} />}
          <ThemeToggle />
        </div>
      </div>
    </header>
  );
}

/** It may be that nobody can register here. Until that is known, the room for it is kept. */
function LogInOrRegister() {
  const state = useReturnTo();
  const registration = useRegistration();
  const open = registration === undefined || canRegister(registration);
  return (
    <>
      <Link to="/login" state={state} className={`button ${open ? "plain" : "primary"}`}>
        Log in
      </Link>
      {open && (
        <Link to="/register" state={state} className="button primary" hidden={registration === undefined}>
          Register
        </Link>
      )}
    </>
  );
}

/** The name may not be known yet, nor ever if the service fails; one can leave all the same. */
function LogOut({ username }: { username: string | undefined }) {
  const leave = useLogOut();
  return (
    <>
      <span className={styles.username} title={username}>
        {username}
      </span>
      <button type="button" className="button plain" onClick={leave}>
        Log out
      </button>
    </>
  );
}
