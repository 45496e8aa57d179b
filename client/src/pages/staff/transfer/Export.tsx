import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { Choice } from "../../../components/Choice";
import { Notice } from "../../../components/Notice";
import { titleOf } from "../../../components/title";
import { bytes } from "../../../components/units";
import { exercisesQuery } from "../../../queries/exercises";
import { download, keep } from "./download";
import { TransferBar } from "./TransferBar";
import { useTransfer } from "./useTransfer";

export function Export() {
  const id = useId();
  const exercises = useQuery(exercisesQuery).data ?? [];
  const [format, setFormat] = useState("csv");
  const [exercise, setExercise] = useState("");
  const [correct, setCorrect] = useState("");
  const exporting = useTransfer(async (address: string, signal, onProgress) => {
    const file = await download({ address, signal, onProgress });
    keep(file, `scores.${format}`);
    return file.size;
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const query = new URLSearchParams({ format });
    if (exercise) {
      query.set("exercise_id", exercise);
    }
    if (correct) {
      query.set("correct", correct);
    }
    if (!exporting.isPending) {
      exporting.mutate(`/scores/export?${query}`);
    }
  };
  return (
    <section className="card stack" aria-labelledby={id}>
      <h2 id={id}>Export scores</h2>
      <p className="quiet">All scores as of one moment, with points, attempts and times.</p>
      <form className="stack" onSubmit={submit}>
        <Choice
          label="Format"
          value={format}
          options={[
            ["csv", "CSV"],
            ["ndjson", "NDJSON, a JSON object a line"],
          ]}
          onChange={setFormat}
        />
        <Choice
          label="Exercise"
          value={exercise}
          options={[
            ["", "All exercises"],
            ...exercises.map((one) => [String(one.id), titleOf(one)] as const),
          ]}
          onChange={setExercise}
        />
        <Choice
          label="Result"
          value={correct}
          options={[
            ["", "Solved or not"],
            ["true", "Solved"],
            ["false", "Not solved"],
          ]}
          onChange={setCorrect}
        />
        <div>
          <button type="submit" className="button primary" aria-disabled={exporting.isPending}>
            Export
          </button>
        </div>
      </form>
      {exporting.moment && (
        <TransferBar
          label="Received"
          moment={exporting.moment}
          afterwards="All is here."
          onStop={exporting.stop}
        />
      )}
      <div role="status">
        {exporting.stopped && <p>Stopped.</p>}
        {exporting.data !== undefined && <p>The file is yours: {bytes(exporting.data)}.</p>}
      </div>
      {exporting.error && <Notice error={exporting.error} />}
    </section>
  );
}
