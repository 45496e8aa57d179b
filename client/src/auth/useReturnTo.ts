import { useLocation } from "react-router";

const LOG_IN_PATHS = ["/login", "/register"];

/** Return the state for a link to the log-in: the page to return to. Links between the log-in pages pass it on. */
export function useReturnTo(): { from: string } | null {
  const { pathname, search, state } = useLocation();
  return LOG_IN_PATHS.includes(pathname) ? state : { from: pathname + search };
}
