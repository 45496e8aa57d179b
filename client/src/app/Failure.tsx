import { useRouteError } from "react-router";
import { Heading } from "../components/Heading";
import { Notice } from "../components/Notice";

/** Shown in place of a page that failed; also when a new release took its files away. */
export function Failure() {
  const error = useRouteError();
  const shown = error instanceof Error ? error : new Error("Something went wrong on this page.");
  return (
    <div className="narrow">
      <Heading title="This page has failed" />
      <Notice error={shown} onRetry={() => window.location.reload()} />
    </div>
  );
}
