import { useId } from "react";
import { useModalDialog } from "./useModalDialog";

interface Props {
  question: string;
  consequence: string;
  action: string;
  onConfirm: () => void;
  onCancel: () => void;
}

/** A dialog to confirm what cannot easily be undone. */
export function ConfirmDialog({ question, consequence, action, onConfirm, onCancel }: Props) {
  const dialog = useModalDialog();
  const id = useId();
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={onCancel}>
      <div className="stack">
        <h2 id={id}>{question}</h2>
        <p>{consequence}</p>
        <div className="row">
          <button type="button" className="button danger" onClick={onConfirm}>
            {action}
          </button>
          <button type="button" className="button" onClick={onCancel}>
            Cancel
          </button>
        </div>
      </div>
    </dialog>
  );
}
