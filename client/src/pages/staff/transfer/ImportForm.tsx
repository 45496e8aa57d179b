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

interface ImportRequest {
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
  const [fileMissing, setFileMissing] = useState(false);
  const importing = useTransfer(async (request: ImportRequest, signal, onProgress) => {
    try {
      return await upload({ ...request, signal, onProgress });
    } finally {
      // Also after a stop: lines that arrived before it may have been imported.
      queries.invalidateQueries({ queryKey: queryKeys.classTable.all });
      queries.invalidateQueries({ queryKey: queryKeys.scoreHistory.all });
    }
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setFileMissing(file === null);
    if (file && !importing.isPending) {
      importing.mutate({ file, type, atomic });
    }
  };
  const choose = (chosen: File | null) => {
    setFile(chosen);
    setFileMissing(false);
    if (chosen) {
      setType(formatOf(chosen.name));
    }
  };
  const result = importing.data;
  const error = importing.error ?? result?.error;
  return (
    <section className="card stack" aria-labelledby={`${id}-heading`}>
      <h2 id={`${id}-heading`}>Import scores</h2>
      <p className="quiet">
        Each line of the file has user_id, exercise_id and correct. Importing a file twice is safe.
      </p>
      <form className="stack" onSubmit={submit} noValidate>
        <div className="field">
          <label htmlFor={id}>File</label>
          <input
            id={id}
            type="file"
            accept=".csv,.ndjson,.jsonl,text/csv,application/x-ndjson"
            aria-invalid={fileMissing || undefined}
            aria-describedby={fileMissing ? `${id}-missing` : undefined}
            onChange={(event) => choose(event.target.files?.[0] ?? null)}
          />
          {fileMissing && (
            <p className="error-text" id={`${id}-missing`}>
              Choose a file.
            </p>
          )}
        </div>
        <Select label="Format" value={type} options={FORMATS} onChange={setType} />
        <Checkbox
          label="All or nothing"
          hint="Nothing is imported if a line is invalid. Otherwise the valid lines are imported, and the invalid ones listed."
          checked={atomic}
          onChange={setAtomic}
        />
        <div>
          <button type="submit" className="button primary" aria-disabled={importing.isPending}>
            Import
          </button>
        </div>
      </form>
      {importing.progress && (
        <TransferProgress
          label="Upload"
          progress={importing.progress}
          completeText="Uploaded. Saving …"
          onStop={importing.stop}
        />
      )}
      <div role="status">
        {importing.stopped && <p>Stopped. Some lines may have been imported.</p>}
        {result && !result.error && <p>{result.message}</p>}
      </div>
      {error && <ErrorNotice error={error} />}
      {result?.summary && <ImportSummary summary={result.summary} />}
    </section>
  );
}
