import { Link, NavLink } from "react-router";
import { useToken } from "../api/session";
import { useLogOut } from "../auth/useLogOut";
import { canRegister, useRegistration } from "../auth/useRegistration";
import { useReturnTo } from "../auth/useReturnTo";
import { useUser } from "../auth/useUser";
import styles from "./Header.module.css";
import { navigationFor } from "./navigation";
import { ThemeToggle } from "./ThemeToggle";

export function Header() {
  const user = useUser();
  const token = useToken();
  // Until the role is known, the entries of every user are shown, so that they do not move.
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
            {navigationFor(role).map(({ to, label }) => (
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

/** The link to the registration is invisible until it is known whether people can register. */
function LogInOrRegister() {
  const state = useReturnTo();
  const registration = useRegistration();
  const mayRegister = registration === undefined || canRegister(registration);
  return (
    <>
      <Link to="/login" state={state} className={`button ${mayRegister ? "plain" : "primary"}`}>
        Log in
      </Link>
      {mayRegister && (
        <Link to="/register" state={state} className="button primary" hidden={registration === undefined}>
          Register
        </Link>
      )}
    </>
  );
}

/** The button works without the name, which is unknown while the service fails. */
function LogOut({ username }: { username: string | undefined }) {
  const logOut = useLogOut();
  return (
    <>
      <span className={styles.username} title={username}>
        {username}
      </span>
      <button type="button" className="button plain" onClick={logOut}>
        Log out
      </button>
    </>
  );
}
