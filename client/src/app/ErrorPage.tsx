import { useEffect } from "react";
import { useRouteError } from "react-router";
import { ApiError, UnreachableError } from "../api/errors";
import { ErrorNotice } from "../components/ErrorNotice";
import { PageHeading } from "../components/PageHeading";

const reload = () => window.location.reload();

/** Shown instead of a page that failed, or whose files could not be loaded: offline, or after a new release. */
export function ErrorPage() {
  const error = useRouteError();
  useEffect(() => {
    window.addEventListener("online", reload);
    return () => window.removeEventListener("online", reload);
  }, []);
  const isOurs = error instanceof ApiError || error instanceof UnreachableError;
  return (
    <div className="narrow">
      {navigator.onLine ? (
        <>
          <PageHeading title="Something went wrong" />
          <ErrorNotice
            error={isOurs ? error : new Error("Reload the page. It may have been updated.")}
            onRetry={reload}
          />
        </>
      ) : (
        <>
          <PageHeading title="Not available offline" />
          <ErrorNotice error={isOurs ? error : new Error("This page will load when you are back online.")} />
        </>
      )}
    </div>
  );
}
