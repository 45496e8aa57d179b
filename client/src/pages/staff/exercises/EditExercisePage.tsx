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
      <EditedExercise key={exerciseId} exerciseId={exerciseId} />
    </AdminsOnly>
  );
}

function EditedExercise({ exerciseId }: { exerciseId: number }) {
  const edited = useQuery(editedExerciseQuery(exerciseId));
  const queries = useQueryClient();
  const created = useLocation().state?.answer as SaveResult | undefined;
  const [answer, setAnswer] = useState<SaveResult | null>(created ?? null);
  const reload = () => queries.resetQueries({ queryKey: editedExerciseQuery(exerciseId).queryKey });
  return (
    <>
      <PageHeading title={edited.data?.exercise.title || "Edit the exercise"}>
        <div className="row">
          <Link to={`/exercises/${exerciseId}`}>As learners see it</Link>
          <Link to={`/teach/exercises/${exerciseId}/statistics`}>Statistics</Link>
          {edited.data?.exercise.grading === "server" && (
            <Link to={`/teach/exercises/${exerciseId}/rejudges`}>Rejudge</Link>
          )}
        </div>
      </PageHeading>
      <SaveNotice answer={answer} />
      <Loaded query={edited} lines={20}>
        {({ exercise, etag }) => (
          <>
            <ExerciseEditor
              key={etag}
              start={exerciseForm(exercise)}
              saved={{ id: exerciseId, etag }}
              onReload={reload}
              onSaved={(_, said) => {
                setAnswer(said);
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
  const [asking, setAsking] = useState(false);
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
    <section className="stack" aria-label="Delete the exercise">
      {deleting.error && <ErrorNotice error={deleting.error} />}
      <div className="row">
        <button type="button" className="button danger" onClick={() => setAsking(true)}>
          Delete the exercise
        </button>
      </div>
      {asking && (
        <ConfirmDialog
          question="Delete this exercise?"
          consequence="Learners will not find it any more. Its submissions and scores stay."
          action="Delete"
          onConfirm={() => {
            setAsking(false);
            deleting.mutate();
          }}
          onCancel={() => setAsking(false)}
        />
      )}
    </section>
  );
}
