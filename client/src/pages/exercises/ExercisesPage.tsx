import { useQuery } from "@tanstack/react-query";
import { Heading } from "../../components/Heading";
import { Loaded } from "../../components/Loaded";
import { exercisesQuery } from "./queries";
import { titleOf } from "./title";

export function ExercisesPage() {
  const exercises = useQuery(exercisesQuery);
  return (
    <>
      <Heading title="Exercises" />
      <Loaded query={exercises}>
        {(all) => (
          <ul>
            {all.map((exercise) => (
              <li key={exercise.id}>{titleOf(exercise)}</li>
            ))}
          </ul>
        )}
      </Loaded>
    </>
  );
}
