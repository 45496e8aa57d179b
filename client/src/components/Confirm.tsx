import { useEffect, useId, useRef } from "react";

interface Props {
  question: string;
  consequence: string;
  action: string;
  onConfirm: () => void;
  onCancel: () => void;
}

/** Asks before something is lost. The browser keeps the focus inside, and gives it back. */
export function Confirm({ question, consequence, action, onConfirm, onCancel }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={id} onCancel={onCancel} onClose={onCancel}>
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
