import { type ReactNode, useId } from "react";
import styles from "./ModalDialog.module.css";
import { useModalDialog } from "./useModalDialog";

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog over the page. Escape closes it. */
export function ModalDialog({ title, onClose, children }: Props) {
  const dialog = useModalDialog();
  const id = useId();
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby={id} onClose={onClose}>
      <div className="stack">
        <div className={styles.head}>
          <h2 id={id}>{title}</h2>
          <button type="button" className="button plain" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
