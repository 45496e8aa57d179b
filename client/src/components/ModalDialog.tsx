import { type ReactNode, useId } from "react";
import { useModalDialog } from "./useModalDialog";

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** A window over the page, which Escape closes. */
export function ModalDialog({ title, onClose, children }: Props) {
  const dialog = useModalDialog();
  const id = useId();
  return (
    <dialog ref={dialog} className="modal" aria-labelledby={id} onClose={onClose}>
      <div className="stack">
        <div className="modal-head">
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
