import { type ReactNode, useEffect, useRef } from "react";
import { useBlocker } from "react-router";
import { ConfirmDialog } from "../../../components/ConfirmDialog";

interface UnsavedWarning {
  dialog: ReactNode;
  /** Do not warn when the page is left next, since everything has just been saved. */
  allowLeaving: () => void;
}

/** Warn before the page is left with unsaved changes. The browser itself warns when the tab is closed. */
export function useUnsavedWarning(unsaved: boolean): UnsavedWarning {
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
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [unsaved]);
  const dialog = blocker.state === "blocked" && (
    <ConfirmDialog
      question="Leave without saving?"
      consequence="Your changes on this page will be lost."
      action="Leave"
      onConfirm={() => blocker.proceed()}
      onCancel={() => blocker.reset()}
    />
  );
  return {
    dialog,
    allowLeaving: () => {
      allowed.current = true;
    },
  };
}
