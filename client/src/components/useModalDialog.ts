import { useEffect, useRef } from "react";

/** Return a ref for a dialog. It opens when mounted, and when it is unmounted the focus returns to where it was. */
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
