import { useNavigate } from "react-router";
import { Heading } from "../../../components/Heading";
import { AdminsOnly } from "../Refusal";
import { ExerciseEditor } from "./ExerciseEditor";
import { emptyExercise } from "./exerciseForm";

export function Component() {
  const navigate = useNavigate();
  return (
    <AdminsOnly>
      <Heading title="New exercise" />
      <ExerciseEditor
        start={emptyExercise()}
        onSaved={(exercise, answer) =>
          navigate(`/teach/exercises/${exercise.id}`, { replace: true, state: { answer } })
        }
      />
    </AdminsOnly>
  );
}
