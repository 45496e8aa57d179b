import { useNavigate } from "react-router";
import { PageHeading } from "../../../components/PageHeading";
import { AdminsOnly } from "../AdminsOnly";
import { ExerciseEditor } from "./ExerciseEditor";
import { emptyExercise } from "./exerciseForm";

export function Component() {
  const navigate = useNavigate();
  return (
    <AdminsOnly>
      <PageHeading title="New exercise" />
      <ExerciseEditor
        start={emptyExercise()}
        onSaved={(exercise, answer) =>
          navigate(`/teach/exercises/${exercise.id}`, { replace: true, state: { answer } })
        }
      />
    </AdminsOnly>
  );
}
