import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { Checkbox } from "../../../components/Checkbox";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { Select } from "../../../components/Select";
import { queryKeys } from "../../../queries/queryKeys";
import { ImportSummary } from "./ImportSummary";
import { TransferProgress } from "./TransferProgress";
import { FORMATS, formatOf, upload } from "./upload";
import { useTransfer } from "./useTransfer";

interface Request {
  file: File;
  type: string;
  atomic: boolean;
}

export function ImportForm() {
  const id = useId();
  const queries = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [type, setType] = useState<string>(FORMATS[0][0]);
  const [atomic, setAtomic] = useState(false);
  const [missing, setMissing] = useState(false);
  const loading = useTransfer(async (request: Request, signal, onProgress) => {
    try {
      return await upload({ ...request, signal, onProgress });
    } finally {
      // Also when it was stopped: what came until then may be written.
      queries.invalidateQueries({ queryKey: queryKeys.classTable.all });
      queries.invalidateQueries({ queryKey: queryKeys.scoreHistory.all });
    }
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(file === null);
    if (file && !loading.isPending) {
      loading.mutate({ file, type, atomic });
    }
  };
  const choose = (chosen: File | null) => {
    setFile(chosen);
    setMissing(false);
    if (chosen) {
      setType(formatOf(chosen.name));
    }
  };
  const loaded = loading.data;
  return (
    <section className="card stack" aria-labelledby={`${id}-heading`}>
      <h2 id={`${id}-heading`}>Import scores</h2>
      <p className="quiet">
        A file with user_id, exercise_id and correct in each line. To load a file again does no harm.
      </p>
      <form className="stack" onSubmit={submit} noValidate>
        <div className="field">
          <label htmlFor={id}>File</label>
          <input
            id={id}
            type="file"
            accept=".csv,.ndjson,.jsonl,text/csv,application/x-ndjson"
            aria-invalid={missing || undefined}
            aria-describedby={missing ? `${id}-missing` : undefined}
            onChange={(event) => choose(event.target.files?.[0] ?? null)}
          />
          {missing && (
            <p className="wrong" id={`${id}-missing`}>
              Please choose a file.
            </p>
          )}
        </div>
        <Select label="Format" value={type} options={FORMATS} onChange={setType} />
        <Checkbox
          label="All lines or none"
          hint="With a single bad line nothing is written. Otherwise the good lines are, and the bad ones listed."
          checked={atomic}
          onChange={setAtomic}
        />
        <div>
          <button type="submit" className="button primary" aria-disabled={loading.isPending}>
            Import
          </button>
        </div>
      </form>
      {loading.progress && (
        <TransferProgress
          label="Sent"
          progress={loading.progress}
          afterwards="All is sent, and being written …"
          onStop={loading.stop}
        />
      )}
      <div role="status">
        {loading.stopped && <p>Stopped. What had arrived by then may have been written.</p>}
        {loaded && !loaded.error && <p>{loaded.message}</p>}
      </div>
      {(loading.error ?? loaded?.error) && <ErrorNotice error={(loading.error ?? loaded?.error) as Error} />}
      {loaded?.summary && <ImportSummary summary={loaded.summary} />}
    </section>
  );
}
