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
import type { CaseForm } from "./caseForm";
import { DescriptionFields } from "./DescriptionFields";
import { ErrorList } from "./ErrorList";
import styles from "./ExerciseEditor.module.css";
import { type ExerciseForm, type ExercisePayload, exercisePayload } from "./exerciseForm";
import { JudgingFields } from "./JudgingFields";
import { SolutionFields } from "./SolutionFields";
import { TrialResult } from "./TrialResult";
import { useUnsavedWarning } from "./useUnsavedWarning";

interface Props {
  start: ExerciseForm;
  /** What is replaced; absent for a new exercise. */
  saved?: { id: number; etag: string | null };
  onSaved: (exercise: ExerciseData, answer: SaveResult) => void;
  onReload?: () => void;
}

export function ExerciseEditor({ start, saved, onSaved, onReload }: Props) {
  const queries = useQueryClient();
  const element = useRef<HTMLFormElement>(null);
  const trial = useRef<HTMLDivElement>(null);
  const [form, setForm] = useState(start);
  const [unsaved, setUnsaved] = useState(false);
  const [unreadable, setUnreadable] = useState<Record<string, string[]>>({});
  const leaving = useUnsavedWarning(unsaved);

  const trying = useMutation({
    mutationFn: (body: ExercisePayload) => call(api.POST("/exercises/check", { body })),
  });
  const saving = useMutation({
    mutationFn: (body: ExercisePayload) => call(save(saved, body)),
    onSuccess: ({ data, message, warnings }) => {
      leaving.allow();
      setUnsaved(false);
      queries.invalidateQueries({ queryKey: queryKeys.exercises });
      queries.invalidateQueries({ queryKey: queryKeys.exercise(data.id) });
      onSaved(data, { message, warnings });
    },
  });
  const busy = trying.isPending || saving.isPending;

  const forgetErrors = () => {
    trying.reset();
    saving.reset();
    setUnreadable({});
  };
  const send = (act: typeof trying | typeof saving) => {
    const { payload, errors } = exercisePayload(form);
    forgetErrors();
    setUnreadable(errors);
    if (Object.keys(errors).length === 0 && !busy) {
      act.mutate(payload);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(saving);
  };

  const error = saving.error ?? trying.error;
  const wrong = error ?? (Object.keys(unreadable).length > 0 ? unreadable : null);
  useEffect(() => {
    if (wrong !== null) {
      element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    }
  }, [wrong]);
  // The cases and the solutions may be far above: one would not see that it was tried.
  useEffect(() => {
    if (trying.data) {
      trial.current?.scrollIntoView();
    }
  }, [trying.data]);
  const told = error instanceof ApiError ? error.fields : trying.data?.data.errors;
  const errors = { ...told, ...unreadable };
  const part = {
    form,
    errors,
    onChange: (changed: Partial<ExerciseForm>) => {
      setUnsaved(true);
      // Errors name cases by their place: once places change, they would stand at the wrong ones.
      if (changed.cases && !isSameOrder(changed.cases, form.cases)) {
        forgetErrors();
      }
      setForm((before) => ({ ...before, ...changed }));
    },
  };

  return (
    <form className="stack" onSubmit={submit} ref={element} noValidate>
      <DescriptionFields {...part} />
      <CaseList {...part} />
      <JudgingFields {...part} />
      <SolutionFields {...part} />
      {error && <ErrorNotice error={error} />}
      {error instanceof ApiError && error.httpStatus === 412 && (
        <div className="row">
          <p>Somebody else saved this exercise after you had opened it. What you typed is still here.</p>
          <button type="button" className="button" onClick={onReload}>
            Drop mine, and read it again
          </button>
        </div>
      )}
      <ErrorList errors={errors} cases={form.cases} />
      <div aria-live="polite" ref={trial}>
        {busy && <p className="quiet">The solutions are being tried …</p>}
        {trying.data && <TrialResult answer={trying.data} />}
      </div>
      <div className={styles.actions}>
        <button type="submit" className="button primary" aria-disabled={busy}>
          {saved ? "Save the exercise" : "Publish the exercise"}
        </button>
        <button type="button" className="button" aria-disabled={busy} onClick={() => send(trying)}>
          Try it
        </button>
        <p className="quiet">{unsaved ? "There are changes that are not saved." : ""}</p>
      </div>
      {leaving.question}
    </form>
  );
}

function isSameOrder(one: CaseForm[], other: CaseForm[]): boolean {
  return one.length === other.length && one.every(({ key }, place) => other[place]?.key === key);
}

function save(saved: Props["saved"], body: ExercisePayload) {
  return saved
    ? api.PUT("/exercises/{exercise_id}", {
        params: { path: { exercise_id: saved.id }, header: ifMatch(saved.etag) },
        body,
      })
    : api.POST("/exercises", { body });
}
