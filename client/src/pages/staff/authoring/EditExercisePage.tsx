import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation, useNavigate, useParams } from "react-router";
import { api, call } from "../../../api/client";
import { ifMatch } from "../../../api/etag";
import { ConfirmDialog } from "../../../components/ConfirmDialog";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { focusHeading } from "../../../components/focusHeading";
import { Loaded } from "../../../components/Loaded";
import { PageHeading } from "../../../components/PageHeading";
import { editedExerciseQuery } from "../../../queries/exercises";
import { queryKeys } from "../../../queries/queryKeys";
import { AdminsOnly } from "../AdminsOnly";
import { SaveNotice, type SaveResult } from "../SaveNotice";
import { ExerciseEditor } from "./ExerciseEditor";
import { exerciseForm } from "./exerciseForm";

export function Component() {
  const exerciseId = Number(useParams().exerciseId);
  return (
    <AdminsOnly>
      <ExistingExercise key={exerciseId} exerciseId={exerciseId} />
    </AdminsOnly>
  );
}

function ExistingExercise({ exerciseId }: { exerciseId: number }) {
  const query = useQuery(editedExerciseQuery(exerciseId));
  const queries = useQueryClient();
  const created = useLocation().state?.saveResult as SaveResult | undefined;
  const [saveResult, setSaveResult] = useState<SaveResult | null>(created ?? null);
  const reload = () => queries.resetQueries({ queryKey: editedExerciseQuery(exerciseId).queryKey });
  return (
    <>
      <PageHeading title={query.data?.exercise.title || "Edit exercise"}>
        <div className="row">
          <Link to={`/exercises/${exerciseId}`}>View as learner</Link>
          <Link to={`/teach/exercises/${exerciseId}/statistics`}>Statistics</Link>
          {query.data?.exercise.grading === "server" && (
            <Link to={`/teach/exercises/${exerciseId}/rejudges`}>Rejudge</Link>
          )}
        </div>
      </PageHeading>
      <SaveNotice result={saveResult} />
      <Loaded query={query} lines={20}>
        {({ exercise, etag }) => (
          <>
            <ExerciseEditor
              key={etag}
              initial={exerciseForm(exercise)}
              existing={{ id: exerciseId, etag }}
              onReload={reload}
              onSaved={(_, result) => {
                setSaveResult(result);
                reload();
                focusHeading();
              }}
            />
            <Deletion exerciseId={exerciseId} etag={etag} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Deletion({ exerciseId, etag }: { exerciseId: number; etag: string | null }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [confirming, setConfirming] = useState(false);
  const deleting = useMutation({
    mutationFn: () =>
      call(
        api.DELETE("/exercises/{exercise_id}", {
          params: { path: { exercise_id: exerciseId }, header: ifMatch(etag) },
        }),
      ),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: queryKeys.exercises });
      navigate("/teach/exercises");
    },
  });
  return (
    <section className="stack" aria-label="Delete exercise">
      {deleting.error && <ErrorNotice error={deleting.error} />}
      <div className="row">
        <button type="button" className="button danger" onClick={() => setConfirming(true)}>
          Delete exercise
        </button>
      </div>
      {confirming && (
        <ConfirmDialog
          question="Delete this exercise?"
          consequence="Learners will no longer see it. Its submissions and scores are kept."
          action="Delete"
          onConfirm={() => {
            setConfirming(false);
            deleting.mutate();
          }}
          onCancel={() => setConfirming(false)}
        />
      )}
    </section>
  );
}
