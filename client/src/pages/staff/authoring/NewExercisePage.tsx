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
        initial={emptyExercise()}
        onSaved={(exercise, saveResult) =>
          navigate(`/teach/exercises/${exercise.id}`, { replace: true, state: { saveResult } })
        }
      />
    </AdminsOnly>
  );
}
