import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, call } from "../../api/client";
import type { EvaluationData } from "../../api/schema";
import { ErrorNotice } from "../../components/ErrorNotice";
import { formatBytes, formatMilliseconds } from "../../components/format";
import { TextArea } from "../../components/TextArea";
import { CodeFigure } from "../../components/verdict/CodeFigure";
import { verdictLabel } from "../../components/verdict/verdicts";
import type { Files } from "./answerFiles";
import styles from "./OwnRun.module.css";

interface Props {
  exerciseId: number;
  answer: string;
  files: Files;
  language: string;
}

/** Runs the answer with an input of the learner's own. Nothing is judged or recorded. */
export function OwnRun({ exerciseId, answer, files, language }: Props) {
  const [input, setInput] = useState("");
  const running = useMutation({
    mutationFn: async () => {
      const body = { exercise_id: exerciseId, answer, files, language, input };
      return (await call(api.POST("/evaluations", { body }))).data;
    },
  });
  return (
    <details className={`card ${styles.panel}`}>
      <summary>Run with my input</summary>
      <div className="stack">
        <TextArea
          label="Input"
          hint="What your program reads. It runs once with this input, and nothing is recorded."
          code
          value={input}
          onChange={setInput}
        />
        <div>
          <button
            type="button"
            className="button"
            aria-disabled={running.isPending}
            onClick={() => running.isPending || running.mutate()}
          >
            Run with this input
          </button>
        </div>
        <div className="stack" aria-live="polite">
          {running.isPending && <p className="quiet">Running …</p>}
          {running.data && <OwnRunResult result={running.data} />}
        </div>
        {running.error && <ErrorNotice error={running.error} withFields />}
      </div>
    </details>
  );
}

function OwnRunResult({ result }: { result: EvaluationData }) {
  const { verdict, cpu_ms, run } = result;
  if (!run) {
    return null;
  }
  const usage = [cpu_ms !== null && formatMilliseconds(cpu_ms), formatBytes(run.memory_bytes)].filter(
    Boolean,
  );
  return (
    <>
      <p>
        {verdict === null ? "Your program ran to its end" : verdictLabel(verdict)}
        <span className="quiet"> ({usage.join(", ")})</span>
      </p>
      {run.output ? (
        <CodeFigure caption="Output">{run.output}</CodeFigure>
      ) : (
        <p className="quiet">It printed nothing.</p>
      )}
      {run.error && (
        <CodeFigure caption={verdict === "compile_error" ? "Messages of the compiler" : "Error"}>
          {run.error}
        </CodeFigure>
      )}
    </>
  );
}
