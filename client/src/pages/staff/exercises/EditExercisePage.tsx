import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation, useNavigate, useParams } from "react-router";
import { api, call } from "../../../api/client";
import { ifMatch } from "../../../api/tagged";
import { Confirm } from "../../../components/Confirm";
import { focusHeading } from "../../../components/focusHeading";
import { Heading } from "../../../components/Heading";
import { Loaded } from "../../../components/Loaded";
import { Notice } from "../../../components/Notice";
import { editedQuery } from "../../../queries/editedExercise";
import { AdminsOnly } from "../Refusal";
import { type Answer, Saved } from "../Saved";
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
  const edited = useQuery(editedQuery(exerciseId));
  const queries = useQueryClient();
  const created = useLocation().state?.answer as Answer | undefined;
  const [answer, setAnswer] = useState<Answer | null>(created ?? null);
  const readAgain = () => queries.resetQueries({ queryKey: editedQuery(exerciseId).queryKey });
  return (
    <>
      <Heading title={edited.data?.exercise.title || "Edit the exercise"}>
        <div className="row">
          <Link to={`/exercises/${exerciseId}`}>As learners see it</Link>
          <Link to={`/teach/exercises/${exerciseId}/statistics`}>Statistics</Link>
          {edited.data?.exercise.grading === "server" && (
            <Link to={`/teach/exercises/${exerciseId}/rejudges`}>Rejudge</Link>
          )}
        </div>
      </Heading>
      <Saved answer={answer} />
      <Loaded query={edited} lines={20}>
        {({ exercise, tag }) => (
          <>
            <ExerciseEditor
              key={tag}
              start={exerciseForm(exercise)}
              saved={{ id: exerciseId, tag }}
              onReadAgain={readAgain}
              onSaved={(_, said) => {
                setAnswer(said);
                readAgain();
                focusHeading();
              }}
            />
            <Deletion exerciseId={exerciseId} tag={tag} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Deletion({ exerciseId, tag }: { exerciseId: number; tag: string | null }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const deleting = useMutation({
    mutationFn: () =>
      call(
        api.DELETE("/exercises/{exercise_id}", {
          params: { path: { exercise_id: exerciseId }, header: ifMatch(tag) },
        }),
      ),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["exercises"] });
      navigate("/teach/exercises");
    },
  });
  return (
    <section className="stack" aria-label="Delete the exercise">
      {deleting.error && <Notice error={deleting.error} />}
      <div className="row">
        <button type="button" className="button danger" onClick={() => setAsking(true)}>
          Delete the exercise
        </button>
      </div>
      {asking && (
        <Confirm
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
