import { useEffect } from "react";
import { useRouteError } from "react-router";
import { ApiError, UnreachableError } from "../api/errors";
import { ErrorNotice } from "../components/ErrorNotice";
import { PageHeading } from "../components/PageHeading";

const reload = () => window.location.reload();

/** Shown in place of a page that failed; also when a new release took its files away. */
export function ErrorPage() {
  const error = useRouteError();
  useEffect(() => {
    window.addEventListener("online", reload);
    return () => window.removeEventListener("online", reload);
  }, []);
  const shown =
    error instanceof ApiError || error instanceof UnreachableError
      ? error
      : new Error(
          navigator.onLine
            ? "Something went wrong on this page. Load it again: it may have just been renewed."
            : "This page was not read before you went offline. It comes when you are back.",
        );
  return (
    <div className="narrow">
      <PageHeading title={navigator.onLine ? "This page has failed" : "This page is not here yet"} />
      <ErrorNotice error={shown} {...(navigator.onLine ? { onRetry: reload } : {})} />
    </div>
  );
}
