import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { exerciseTitle } from "../../../components/exerciseTitle";
import { formatBytes } from "../../../components/format";
import { Select } from "../../../components/Select";
import { exercisesQuery } from "../../../queries/exercises";
import { download, saveFile } from "./download";
import { TransferProgress } from "./TransferProgress";
import { useTransfer } from "./useTransfer";

export function ExportForm() {
  const id = useId();
  const exercises = useQuery(exercisesQuery).data ?? [];
  const [format, setFormat] = useState("csv");
  const [exercise, setExercise] = useState("");
  const [correct, setCorrect] = useState("");
  const exporting = useTransfer(async (url: string, signal, onProgress) => {
    const file = await download({ url, signal, onProgress });
    saveFile(file, `scores.${format}`);
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
      <p className="quiet">A snapshot of all scores, with points, attempts and times.</p>
      <form className="stack" onSubmit={submit}>
        <Select
          label="Format"
          value={format}
          options={[
            ["csv", "CSV"],
            ["ndjson", "NDJSON (one JSON object per line)"],
          ]}
          onChange={setFormat}
        />
        <Select
          label="Exercise"
          value={exercise}
          options={[
            ["", "All exercises"],
            ...exercises.map((one) => [String(one.id), exerciseTitle(one)] as const),
          ]}
          onChange={setExercise}
        />
        <Select
          label="Result"
          value={correct}
          options={[
            ["", "All results"],
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
      {exporting.progress && (
        <TransferProgress
          label="Download"
          progress={exporting.progress}
          completeText="Download complete."
          onStop={exporting.stop}
        />
      )}
      <div role="status">
        {exporting.stopped && <p>Stopped.</p>}
        {exporting.data !== undefined && <p>Downloaded {formatBytes(exporting.data)}.</p>}
      </div>
      {exporting.error && <ErrorNotice error={exporting.error} />}
    </section>
  );
}
