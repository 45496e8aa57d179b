import { useLocation } from "react-router";

const WAYS_IN = ["/login", "/register"];

/** Return the state of a link to the log-in: the page to come back to, which the log-in's own pages hand on. */
export function useReturnTo(): { from: string } | null {
  const { pathname, search, state } = useLocation();
  return WAYS_IN.includes(pathname) ? state : { from: pathname + search };
}
