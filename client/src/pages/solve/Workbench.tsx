import { useRef, useState } from "react";
import { Link } from "react-router";
import type { ExerciseData, SubmissionData } from "../../api/schema";
import { useReturnTo } from "../../auth/useReturnTo";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { useLanguages, useLanguageTitles } from "../../queries/languages";
import { AnswerEditor } from "./AnswerEditor";
import { GradingResult } from "./GradingResult";
import { LanguageChoice } from "./LanguageChoice";
import { OwnRun } from "./OwnRun";
import { PastSubmissions } from "./PastSubmissions";
import { useCode } from "./useCode";
import { useFiles } from "./useFiles";
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
  const others = useFiles(exercise, userId, language);
  const languageTitle = useLanguageTitles();
  const known = useLanguages()?.find(({ name }) => name === language);
  const section = useRef<HTMLElement>(null);
  const grading = useGrading(exercise);
  const result = grading.graded?.result;

  const load = (submission: SubmissionData) => {
    others.select(null);
    others.replace(submission.files, edit.load(submission.answer, submission.language));
    section.current?.scrollIntoView({ block: "nearest" });
  };
  const send = (recorded: boolean) => {
    if (userId !== null) {
      grading.send({ answer: code, files: others.files, language, recorded });
    }
  };

  return (
    <div className="stack">
      <section className={styles.workbench} aria-label="Your code" ref={section}>
        {languages.length > 1 && (
          <LanguageChoice
            exercise={exercise}
            language={language}
            onChange={(chosen) => {
              others.select(null);
              edit.choose(chosen);
            }}
          />
        )}
        <AnswerEditor
          supportFiles={exercise.support_files}
          others={others}
          hasFiles={known?.has_files ?? true}
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
          <Reset
            disabled={code === starter && Object.keys(others.files).length === 0}
            onReset={() => {
              others.select(null);
              others.replace({});
              edit.reset();
            }}
          />
        </div>
        <p className="hint" id="editor-hint">
          {userId !== null && `${commandKey}+Enter submits, ${commandKey}+Shift+Enter runs. `}
          Tab indents. Press Escape, then Tab, to leave the editor.
          {!(isSaved && others.isSaved) &&
            " Your browser does not save drafts: copy your code before you leave."}
        </p>
      </section>
      {userId !== null && <GradingResult {...grading} />}
      {userId !== null && (known?.kinds.includes("stdin") ?? true) && (
        <OwnRun exerciseId={exercise.id} answer={code} files={others.files} language={language} />
      )}
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
          consequence="Your code will be replaced by the starter code of the exercise, and your other files will be deleted."
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
