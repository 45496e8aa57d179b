import { useRef, useState } from "react";
import { Link } from "react-router";
import type { ExerciseData } from "../../api/schema";
import { useReturnTo } from "../../auth/useReturnTo";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { LazyCodeEditor } from "../../components/LazyCodeEditor";
import { dropDraft, readDraft, writeDraft } from "./drafts";
import { GradingResult } from "./GradingResult";
import { PastSubmissions } from "./PastSubmissions";
import { useGrading } from "./useGrading";
import styles from "./Workbench.module.css";

interface Props {
  exercise: ExerciseData;
  userId: number | null;
}

const command = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";

/** The editor with what can be done with its code, and how that went. Made anew for each exercise and user. */
export function Workbench({ exercise, userId }: Props) {
  const starter = exercise.starter ?? "";
  const [code, setCode] = useState(() => readDraft(userId, exercise.id) ?? starter);
  const [kept, setKept] = useState(true);
  const bench = useRef<HTMLElement>(null);
  const grading = useGrading(exercise.id);

  const write = (next: string) => {
    setCode(next);
    setKept(writeDraft(userId, exercise.id, next));
  };
  const load = (answer: string) => {
    write(answer);
    bench.current?.scrollIntoView({ block: "nearest" });
  };
  const reset = () => {
    setCode(starter);
    dropDraft(userId, exercise.id);
  };
  const send = (recorded: boolean) => {
    if (userId !== null) {
      grading.send(code, recorded);
    }
  };

  return (
    <div className="stack">
      <section className={styles.workbench} aria-label="Your code" ref={bench}>
        <LazyCodeEditor
          label={`Your ${exercise.language} code`}
          describedBy="editor-hint"
          language={exercise.language}
          value={code}
          onChange={write}
          onSubmit={() => send(true)}
          onRun={() => send(false)}
        />
        <div className={styles.actions}>
          {userId === null ? (
            <LogInFirst />
          ) : (
            <>
              <button
                type="button"
                className="button primary"
                aria-disabled={grading.busy}
                onClick={() => send(true)}
              >
                Submit
              </button>
              <button
                type="button"
                className="button"
                aria-disabled={grading.busy}
                onClick={() => send(false)}
              >
                Run
              </button>
            </>
          )}
          <Reset disabled={code === starter} onReset={reset} />
        </div>
        <p className="hint" id="editor-hint">
          {userId !== null && `${command}+Enter submits, ${command}+Shift+Enter runs. `}
          Tab indents; Escape, then Tab leaves the editor.
          {!kept && " Your browser keeps no drafts: copy what you need before you leave."}
        </p>
      </section>
      {userId !== null && <GradingResult {...grading} />}
      {userId !== null && <PastSubmissions exerciseId={exercise.id} userId={userId} onLoad={load} />}
    </div>
  );
}

function LogInFirst() {
  const state = useReturnTo();
  return (
    <p>
      Please log in to submit an exercise.{" "}
      <Link to="/login" state={state}>
        Log in
      </Link>
    </p>
  );
}

/** It keeps the focus that the question gives back, also where there is nothing more to reset. */
function Reset({ disabled, onReset }: { disabled: boolean; onReset: () => void }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <button
        type="button"
        className="button plain"
        aria-disabled={disabled}
        onClick={() => setAsking(!disabled)}
      >
        Reset
      </button>
      {asking && (
        <ConfirmDialog
          question="Start again?"
          consequence="Your code is replaced by what the exercise begins with."
          action="Reset"
          onCancel={() => setAsking(false)}
          onConfirm={() => {
            onReset();
            setAsking(false);
          }}
        />
      )}
    </>
  );
}
