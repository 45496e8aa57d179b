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

/** The form for the exercises of a set. The name of a set cannot be changed, since it is its URL. */
export function SetForm({ start, onSaved, onClose }: Props) {
  const exercises = useQuery(exercisesQuery);
  const [name, setName] = useState(start.name);
  const [chosen, setChosen] = useState(start.exercise_ids);
  const [search, setSearch] = useState("");
  const [nameMissing, setNameMissing] = useState(false);
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
  const fieldErrors = saving.error instanceof ApiError ? saving.error.fields : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setNameMissing(name.trim() === "");
    if (name.trim() !== "" && !saving.isPending) {
      saving.mutate();
    }
  };
  return (
    <ModalDialog title={start.name ? `Edit ${start.name}` : "New set"} onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        {!start.name && (
          <Field
            label="Name"
            name="name"
            required
            hint="Lowercase letters, digits and hyphens."
            value={name}
            errors={nameMissing ? ["Enter a name."] : fieldErrors.name}
            onChange={setName}
          />
        )}
        <Field label="Find an exercise" name="find" type="search" value={search} onChange={setSearch} />
        <fieldset className="plain-set">
          <legend>
            Exercises <span className="quiet">({chosen.length} chosen)</span>
          </legend>
          <Loaded query={exercises} lines={6}>
            {(all) => (
              <div className={styles.choices}>
                {all
                  .filter((one) => exerciseTitle(one).toLowerCase().includes(search.trim().toLowerCase()))
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
        {fieldErrors.exercise_ids && <p className="error-text">{fieldErrors.exercise_ids.join(" ")}</p>}
        <div>
          <button type="submit" className="button primary" aria-disabled={saving.isPending}>
            Save set
          </button>
        </div>
      </form>
    </ModalDialog>
  );
}
