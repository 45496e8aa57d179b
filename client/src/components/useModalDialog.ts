import { useEffect, useRef } from "react";

/** Open a dialog over the page. The browser keeps the focus inside; it goes back when the dialog goes, however it does. */
export function useModalDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) {
        before.focus();
      }
    };
  }, []);
  return dialog;
}
