import { type ReactNode, useEffect, useRef } from "react";
import { useBlocker } from "react-router";
import { ConfirmDialog } from "../../../components/ConfirmDialog";

interface Leaving {
  question: ReactNode;
  /** Let the next move through: what there is has just been saved. */
  allow: () => void;
}

/** Ask before what was typed is left behind. Of closing the tab the browser asks itself. */
export function useUnsavedWarning(unsaved: boolean): Leaving {
  const allowed = useRef(false);
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      unsaved && !allowed.current && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    allowed.current = false;
    if (!unsaved) {
      return;
    }
    const keep = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", keep);
    return () => window.removeEventListener("beforeunload", keep);
  }, [unsaved]);
  const question = blocker.state === "blocked" && (
    <ConfirmDialog
      question="Leave without saving?"
      consequence="What you changed on this page will be lost."
      action="Leave"
      onConfirm={() => blocker.proceed()}
      onCancel={() => blocker.reset()}
    />
  );
  return {
    question,
    allow: () => {
      allowed.current = true;
    },
  };
}
