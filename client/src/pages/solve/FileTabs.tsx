import { type KeyboardEvent, useRef, useState } from "react";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { FileNameDialog } from "./FileNameDialog";
import styles from "./FileTabs.module.css";

interface Props {
  /** The id of the element that shows the selected file. */
  panelId: string;
  /** The learner's own files, and those of the exercise, which can only be read. */
  files: string[];
  supportFiles: string[];
  /** Null for the answer itself. */
  selected: string | null;
  /** Whether there may be one more. */
  canAdd: boolean;
  onSelect: (name: string | null) => void;
  onAdd: (name: string) => void;
  onRename: (from: string, to: string) => void;
  onDelete: (name: string) => void;
}

type Dialog = "add" | "rename" | "delete" | null;

/** The tabs of the answer and of the files beside it, with buttons to add, rename and delete one. */
export function FileTabs(props: Props) {
  const { panelId, files, supportFiles, selected, canAdd, onSelect, onAdd, onRename, onDelete } = props;
  const tabs = useRef<HTMLDivElement>(null);
  const [dialog, setDialog] = useState<Dialog>(null);
  const names = [null, ...files, ...supportFiles];
  const isOwn = selected !== null && files.includes(selected);
  const taken = [...files, ...supportFiles];

  const moveFocus = (event: KeyboardEvent) => {
    const to = target(event.key, names.indexOf(selected), names.length);
    if (to !== undefined) {
      event.preventDefault();
      onSelect(names[to] ?? null);
      tabs.current?.querySelectorAll<HTMLElement>("[role=tab]")[to]?.focus();
    }
  };
  const close = () => setDialog(null);

  return (
    <div className={styles.bar}>
      {names.length > 1 && (
        <div className={styles.tabs} role="tablist" aria-label="Files" ref={tabs} onKeyDown={moveFocus}>
          {names.map((name) => (
            <button
              key={name ?? ""}
              type="button"
              role="tab"
              className={styles.tab}
              aria-selected={name === selected}
              aria-controls={panelId}
              tabIndex={name === selected ? 0 : -1}
              onClick={() => onSelect(name)}
            >
              {name ?? "Answer"}
              {name !== null && supportFiles.includes(name) && <span className="tag">read-only</span>}
            </button>
          ))}
        </div>
      )}
      <div className={styles.actions}>
        {isOwn && (
          <>
            <button type="button" className="button small plain" onClick={() => setDialog("rename")}>
              Rename
            </button>
            <button type="button" className="button small plain" onClick={() => setDialog("delete")}>
              Delete
            </button>
          </>
        )}
        <button
          type="button"
          className="button small plain"
          aria-disabled={!canAdd}
          onClick={() => canAdd && setDialog("add")}
        >
          Add file
        </button>
      </div>
      {dialog === "add" && (
        <FileNameDialog title="Add a file" action="Add" taken={taken} onName={onAdd} onClose={close} />
      )}
      {dialog === "rename" && isOwn && (
        <FileNameDialog
          title={`Rename ${selected}`}
          action="Rename"
          initial={selected}
          taken={taken.filter((name) => name !== selected)}
          onName={(name) => onRename(selected, name)}
          onClose={close}
        />
      )}
      {dialog === "delete" && isOwn && (
        <ConfirmDialog
          question={`Delete ${selected}?`}
          consequence="Its text will be lost, unless you submitted it before."
          action="Delete"
          onCancel={close}
          onConfirm={() => {
            close();
            onDelete(selected);
          }}
        />
      )}
    </div>
  );
}

/** Return the position of the tab to which a key moves. */
function target(key: string, from: number, count: number): number | undefined {
  switch (key) {
    case "ArrowRight":
      return (from + 1) % count;
    case "ArrowLeft":
      return (from + count - 1) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}
