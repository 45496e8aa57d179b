import { useEffect } from "react";
import { useRouteError } from "react-router";
import { ApiError, Unreachable } from "../api/errors";
import { Heading } from "../components/Heading";
import { Notice } from "../components/Notice";

const reload = () => window.location.reload();

/** Shown in place of a page that failed; also when a new release took its files away. */
export function Failure() {
  const error = useRouteError();
  useEffect(() => {
    window.addEventListener("online", reload);
    return () => window.removeEventListener("online", reload);
  }, []);
  const shown =
    error instanceof ApiError || error instanceof Unreachable
      ? error
      : new Error(
          navigator.onLine
            ? "Something went wrong on this page. Load it again: it may have just been renewed."
            : "This page was not read before you went offline. It comes when you are back.",
        );
  return (
    <div className="narrow">
      <Heading title={navigator.onLine ? "This page has failed" : "This page is not here yet"} />
      <Notice error={shown} {...(navigator.onLine ? { onRetry: reload } : {})} />
    </div>
  );
}
