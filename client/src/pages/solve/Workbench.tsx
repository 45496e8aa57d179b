import { useRef, useState } from "react";
import { Link } from "react-router";
import type { ExerciseData, SubmissionData } from "../../api/schema";
import { useReturnTo } from "../../auth/useReturnTo";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { LazyCodeEditor } from "../../components/editor/LazyCodeEditor";
import { useLanguageTitles } from "../../queries/languages";
import { GradingResult } from "./GradingResult";
import { LanguageChoice } from "./LanguageChoice";
import { PastSubmissions } from "./PastSubmissions";
import { useCode } from "./useCode";
import { useGrading } from "./useGrading";
import styles from "./Workbench.module.css";

interface Props {
  exercise: ExerciseData;
  userId: number | null;
}

const commandKey = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";

/** The code editor with its buttons, the result and earlier submissions. Its `key` must name the exercise and the user. */
export function Workbench({ exercise, userId }: Props) {
  const { languages, language, code, starter, isSaved, ...edit } = useCode(exercise, userId);
  const languageTitle = useLanguageTitles();
  const section = useRef<HTMLElement>(null);
  const grading = useGrading(exercise);
  const result = grading.graded?.result;

  const load = (submission: SubmissionData) => {
    edit.load(submission.answer, submission.language);
    section.current?.scrollIntoView({ block: "nearest" });
  };
  const send = (recorded: boolean) => {
    if (userId !== null) {
      grading.send({ answer: code, language, recorded });
    }
  };

  return (
    <div className="stack">
      <section className={styles.workbench} aria-label="Your code" ref={section}>
        {languages.length > 1 && (
          <LanguageChoice exercise={exercise} language={language} onChange={edit.choose} />
        )}
        <LazyCodeEditor
          key={language} // The text of another language is not in the history.
          label={`Your ${languageTitle(language)} code`}
          describedBy="editor-hint"
          language={language}
          value={code}
          diagnostics={result?.language === language ? (result.diagnostics ?? undefined) : undefined}
          onChange={edit.write}
          onSubmit={() => send(true)}
          onRun={() => send(false)}
        />
        <div className={styles.actions}>
          {userId === null ? (
            <LogInHint />
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
          <Reset disabled={code === starter} onReset={edit.reset} />
        </div>
        <p className="hint" id="editor-hint">
          {userId !== null && `${commandKey}+Enter submits, ${commandKey}+Shift+Enter runs. `}
          Tab indents. Press Escape, then Tab, to leave the editor.
          {!isSaved && " Your browser does not save drafts: copy your code before you leave."}
        </p>
      </section>
      {userId !== null && <GradingResult {...grading} />}
      {userId !== null && <PastSubmissions exercise={exercise} userId={userId} onLoad={load} />}
    </div>
  );
}

function LogInHint() {
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

/** The button is never `disabled`, since it must keep the focus that the dialog returns to it. */
function Reset({ disabled, onReset }: { disabled: boolean; onReset: () => void }) {
  const [confirming, setConfirming] = useState(false);
  return (
    <>
      <button
        type="button"
        className="button plain"
        aria-disabled={disabled}
        onClick={() => setConfirming(!disabled)}
      >
        Reset
      </button>
      {confirming && (
        <ConfirmDialog
          question="Reset your code?"
          consequence="Your code will be replaced by the starter code of the exercise."
          action="Reset"
          onCancel={() => setConfirming(false)}
          onConfirm={() => {
            onReset();
            setConfirming(false);
          }}
        />
      )}
    </>
  );
}
