import type { SubmissionData } from "../../api/schema";
import { formatBytes, formatMilliseconds } from "../format";
import styles from "./CaseResult.module.css";
import { CodeFigure } from "./CodeFigure";
import { OutputDiff } from "./OutputDiff";
import { VerdictIcon } from "./VerdictIcon";
import { verdictLabel, verdictTone } from "./verdicts";

export type CaseResultData = NonNullable<SubmissionData["cases"]>[number];

/** Words for the outcomes of a unit test that differ from the API's. */
const OUTCOMES: Record<string, string> = { not_run: "not run" };

interface Props {
  result: CaseResultData;
  open: boolean;
}

/** The result of one test case. Its details are folded unless `open`. */
export function CaseResult({ result, open }: Props) {
  const { call, output, error, hint, tests, expected } = result;
  const hasDetails =
    result.verdict === "compile_error"
      ? error
      : call || output || error || hint || tests.length > 0 || expected !== null;
  const summary = <Summary result={result} />;
  if (!hasDetails) {
    return <li className={styles.case}>{summary}</li>;
  }
  return (
    <li className={styles.case}>
      <details open={open}>
        <summary>{summary}</summary>
        <Details result={result} />
      </details>
    </li>
  );
}

function Summary({ result }: { result: CaseResultData }) {
  const usage = [
    result.cpu_ms !== null && formatMilliseconds(result.cpu_ms),
    result.memory_bytes !== null && formatBytes(result.memory_bytes),
  ].filter(Boolean);
  return (
    <span className={styles.summary}>
      <VerdictIcon tone={verdictTone(result.verdict)} />
      <span className={styles.name}>
        {result.name}
        {result.hidden && <span className="tag">hidden</span>}
      </span>
      <span className={styles.verdict}>{verdictLabel(result.verdict)}</span>
      <span className={styles.usage}>{usage.join(" · ")}</span>
      <span className={styles.points}>
        {result.points}/{result.max_points}
        <span className="visually-hidden"> points</span>
      </span>
    </span>
  );
}

function Details({ result }: { result: CaseResultData }) {
  const { verdict, expected, actual } = result;
  if (verdict === "compile_error") {
    return (
      <div className={styles.body}>
        <CodeFigure caption="Messages of the compiler">{result.error}</CodeFigure>
      </div>
    );
  }
  return (
    <div className={styles.body}>
      {result.hint && <p className="hint">Hint: {result.hint}</p>}
      {result.call && <CodeFigure caption="Call">{result.call}</CodeFigure>}
      {verdict === "wrong_answer" && expected !== null && actual !== null ? (
        <OutputDiff expected={expected} actual={actual} />
      ) : (
        <>
          {verdict !== "accepted" && expected && <CodeFigure caption="Expected">{expected}</CodeFigure>}
          {actual && <CodeFigure caption="Result">{actual}</CodeFigure>}
        </>
      )}
      {result.tests.length > 0 && (
        <ul className={styles.tests}>
          {result.tests.map((test) => (
            <li key={test.name}>
              <strong>{test.name}</strong>: {OUTCOMES[test.outcome] ?? test.outcome}
              {test.message && <CodeFigure caption="Message">{test.message}</CodeFigure>}
            </li>
          ))}
        </ul>
      )}
      {result.output && <CodeFigure caption="Printed output">{result.output}</CodeFigure>}
      {result.error && <CodeFigure caption="Error">{result.error}</CodeFigure>}
    </div>
  );
}
