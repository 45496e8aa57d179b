import { useRouteError } from "react-router";
import { ApiError, Unreachable } from "../api/errors";
import { Heading } from "../components/Heading";
import { Notice } from "../components/Notice";

/** Shown in place of a page that failed; also when a new release took its files away. */
export function Failure() {
  const error = useRouteError();
  const shown =
    error instanceof ApiError || error instanceof Unreachable
      ? error
      : new Error(
          "Something went wrong on this page. Load it again: you may be offline, or it has just been renewed.",
        );
  return (
    <div className="narrow">
      <Heading title="This page has failed" />
      <Notice error={shown} onRetry={() => window.location.reload()} />
    </div>
  );
}
