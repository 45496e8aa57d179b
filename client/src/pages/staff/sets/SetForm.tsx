import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, call } from "../../../api/client";
import { ApiError } from "../../../api/errors";
import type { ExerciseSetData } from "../../../api/schema";
import { Checkbox } from "../../../components/Checkbox";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { exerciseTitle } from "../../../components/exerciseTitle";
import { Field } from "../../../components/Field";
import { Loaded } from "../../../components/Loaded";
import { ModalDialog } from "../../../components/ModalDialog";
import { exercisesQuery } from "../../../queries/exercises";
import styles from "./SetForm.module.css";

interface Props {
  start: Pick<ExerciseSetData, "name" | "exercise_ids">;
  onSaved: (sentence: string) => void;
  onClose: () => void;
}

/** Which exercises a set has. The name is its address, and stays. */
export function SetForm({ start, onSaved, onClose }: Props) {
  const exercises = useQuery(exercisesQuery);
  const [name, setName] = useState(start.name);
  const [chosen, setChosen] = useState(start.exercise_ids);
  const [wanted, setWanted] = useState("");
  const [missing, setMissing] = useState(false);
  const saving = useMutation({
    mutationFn: () =>
      call(
        api.PUT("/exercise-sets/{name}", {
          params: { path: { name: name.trim() } },
          body: { exercise_ids: chosen },
        }),
      ),
    onSuccess: ({ message }) => onSaved(message),
  });
  const wrong = saving.error instanceof ApiError ? saving.error.fields : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(name.trim() === "");
    if (name.trim() !== "" && !saving.isPending) {
      saving.mutate();
    }
  };
  return (
    <ModalDialog title={start.name ? `Change ${start.name}` : "New set"} onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        {!start.name && (
          <Field
            label="Name"
            name="name"
            required
            hint="Small letters, digits and hyphens."
            value={name}
            errors={missing ? ["Please give it a name."] : wrong.name}
            onChange={setName}
          />
        )}
        <Field label="Find an exercise" name="find" type="search" value={wanted} onChange={setWanted} />
        <fieldset className="plain-set">
          <legend>
            Exercises <span className="quiet">({chosen.length} chosen)</span>
          </legend>
          <Loaded query={exercises} lines={6}>
            {(all) => (
              <div className={styles.choices}>
                {all
                  .filter((one) => exerciseTitle(one).toLowerCase().includes(wanted.trim().toLowerCase()))
                  .map((one) => (
                    <Checkbox
                      key={one.id}
                      label={exerciseTitle(one)}
                      checked={chosen.includes(one.id)}
                      onChange={(checked) =>
                        setChosen(checked ? [...chosen, one.id] : chosen.filter((id) => id !== one.id))
                      }
                    />
                  ))}
              </div>
            )}
          </Loaded>
        </fieldset>
        {saving.error && <ErrorNotice error={saving.error} />}
        {wrong.exercise_ids && <p className="wrong">{wrong.exercise_ids.join(" ")}</p>}
        <div>
          <button type="submit" className="button primary" aria-disabled={saving.isPending}>
            Save the set
          </button>
        </div>
      </form>
    </ModalDialog>
  );
}
