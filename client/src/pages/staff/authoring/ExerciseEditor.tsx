import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { api, call } from "../../../api/client";
import { ApiError } from "../../../api/errors";
import { ifMatch } from "../../../api/etag";
import type { ExerciseData } from "../../../api/schema";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { queryKeys } from "../../../queries/queryKeys";
import type { SaveResult } from "../SaveNotice";
import { CaseList } from "./CaseList";
import type { CaseForm, FieldErrors } from "./caseForm";
import { DescriptionFields } from "./DescriptionFields";
import { ErrorList } from "./ErrorList";
import styles from "./ExerciseEditor.module.css";
import { type ExerciseForm, type ExercisePayload, exercisePayload } from "./exerciseForm";
import { JudgingFields } from "./JudgingFields";
import { SolutionFields } from "./SolutionFields";
import { TrialResult } from "./TrialResult";
import { useUnsavedWarning } from "./useUnsavedWarning";

interface Props {
  initial: ExerciseForm;
  /** The exercise that is replaced; undefined for a new one. */
  existing?: { id: number; etag: string | null };
  onSaved: (exercise: ExerciseData, result: SaveResult) => void;
  onReload?: () => void;
}

/** The form of an exercise. The author can test the solutions before saving. */
export function ExerciseEditor({ initial, existing, onSaved, onReload }: Props) {
  const queries = useQueryClient();
  const formElement = useRef<HTMLFormElement>(null);
  const trialElement = useRef<HTMLDivElement>(null);
  const [form, setForm] = useState(initial);
  const [unsaved, setUnsaved] = useState(false);
  /** Errors that are found before the form is sent: texts that are not JSON. */
  const [jsonErrors, setJsonErrors] = useState<FieldErrors>({});
  const unsavedWarning = useUnsavedWarning(unsaved);

  const trial = useMutation({
    mutationFn: (body: ExercisePayload) => call(api.POST("/exercises/check", { body })),
  });
  const saving = useMutation({
    mutationFn: (body: ExercisePayload) => call(saveExercise(existing, body)),
    onSuccess: ({ data, message, warnings }) => {
      unsavedWarning.allowLeaving();
      setUnsaved(false);
      queries.invalidateQueries({ queryKey: queryKeys.exercises });
      queries.invalidateQueries({ queryKey: queryKeys.exercise(data.id) });
      onSaved(data, { message, warnings });
    },
  });
  const busy = trial.isPending || saving.isPending;

  const resetErrors = () => {
    trial.reset();
    saving.reset();
    setJsonErrors({});
  };
  const send = (request: typeof trial | typeof saving) => {
    const { payload, errors } = exercisePayload(form);
    resetErrors();
    setJsonErrors(errors);
    if (Object.keys(errors).length === 0 && !busy) {
      request.mutate(payload);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(saving);
  };

  const error = saving.error ?? trial.error;
  const failure = error ?? (Object.keys(jsonErrors).length > 0 ? jsonErrors : null);
  useEffect(() => {
    if (failure !== null) {
      formElement.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    }
  }, [failure]);
  // The result may be outside the visible part of the page.
  useEffect(() => {
    if (trial.data) {
      trialElement.current?.scrollIntoView();
    }
  }, [trial.data]);

  const apiErrors = error instanceof ApiError ? error.fields : trial.data?.data.errors;
  const errors = { ...apiErrors, ...jsonErrors };
  const change = (changed: Partial<ExerciseForm>) => {
    setUnsaved(true);
    // The errors of test cases are keyed by position, and would move to other test cases.
    if (changed.cases && !isSameOrder(changed.cases, form.cases)) {
      resetErrors();
    }
    setForm((before) => ({ ...before, ...changed }));
  };
  const fieldProps = { form, errors, onChange: change };

  return (
    <form className="stack" onSubmit={submit} ref={formElement} noValidate>
      <DescriptionFields {...fieldProps} />
      <CaseList {...fieldProps} />
      <JudgingFields {...fieldProps} />
      <SolutionFields {...fieldProps} trial={trial.data?.data} />
      {error && <ErrorNotice error={error} />}
      {error instanceof ApiError && error.httpStatus === 412 && (
        <div className="row">
          <p>Somebody else saved this exercise after you opened it. Your changes are still here.</p>
          <button type="button" className="button" onClick={onReload}>
            Discard my changes and reload
          </button>
        </div>
      )}
      <ErrorList errors={errors} cases={form.cases} />
      <div aria-live="polite" ref={trialElement}>
        {busy && <p className="quiet">Testing the solutions …</p>}
        {trial.data && <TrialResult response={trial.data} />}
      </div>
      <div className={styles.actions}>
        <button type="submit" className="button primary" aria-disabled={busy}>
          {existing ? "Save exercise" : "Publish exercise"}
        </button>
        <button type="button" className="button" aria-disabled={busy} onClick={() => send(trial)}>
          Test solutions
        </button>
        <p className="quiet">{unsaved ? "You have unsaved changes." : ""}</p>
      </div>
      {unsavedWarning.dialog}
    </form>
  );
}

function isSameOrder(cases: CaseForm[], others: CaseForm[]): boolean {
  return cases.length === others.length && cases.every(({ key }, index) => others[index]?.key === key);
}

function saveExercise(existing: Props["existing"], body: ExercisePayload) {
  return existing
    ? api.PUT("/exercises/{exercise_id}", {
        params: { path: { exercise_id: existing.id }, header: ifMatch(existing.etag) },
        body,
      })
    : api.POST("/exercises", { body });
}
