import type { SubmissionData } from "../../api/schema";
import { formatBytes, formatMilliseconds } from "../format";
import { OutputDiff } from "./OutputDiff";
import { VerdictIcon } from "./VerdictIcon";
import { verdictLabel, verdictTone } from "./verdicts";

type Case = NonNullable<SubmissionData["cases"]>[number];

const OUTCOMES: Record<string, string> = { not_run: "not run" };

interface Props {
  result: Case;
  open: boolean;
}

/** How one case ended; what it says more is folded away, unless it is what to look at. */
export function CaseResult({ result, open }: Props) {
  const told =
    result.call ||
    result.output ||
    result.error ||
    result.hint ||
    result.tests.length > 0 ||
    result.expected !== null;
  const differs = result.expected !== null && result.actual !== null && result.verdict === "wrong_answer";
  const summary = <CaseSummary result={result} />;
  if (!told) {
    return <li className="case">{summary}</li>;
  }
  return (
    <li className="case">
      <details open={open}>
        <summary>{summary}</summary>
        <div className="case-body">
          {result.hint && <p className="hint">Hint: {result.hint}</p>}
          {result.call && <Text title="Call" text={result.call} />}
          {differs && <OutputDiff expected={result.expected ?? ""} actual={result.actual ?? ""} />}
          {!differs && result.verdict !== "accepted" && result.expected && (
            <Text title="Expected" text={result.expected} />
          )}
          {!differs && result.actual && <Text title="Result" text={result.actual} />}
          {result.tests.length > 0 && (
            <ul className="tests">
              {result.tests.map((test) => (
                <li key={test.name}>
                  <strong>{test.name}</strong>: {OUTCOMES[test.outcome] ?? test.outcome}
                  {test.message && <Text title="Message" text={test.message} />}
                </li>
              ))}
            </ul>
          )}
          {result.output && <Text title="Printed besides" text={result.output} />}
          {result.error && <Text title="Error" text={result.error} />}
        </div>
      </details>
    </li>
  );
}

function CaseSummary({ result }: { result: Case }) {
  const measured = [
    result.cpu_ms !== null && formatMilliseconds(result.cpu_ms),
    result.memory_bytes !== null && formatBytes(result.memory_bytes),
  ].filter(Boolean);
  return (
    <span className="case-summary">
      <VerdictIcon mark={verdictTone(result.verdict)} />
      <span className="case-name">
        {result.name}
        {result.hidden && <span className="tag">hidden</span>}
      </span>
      <span className="case-words">{verdictLabel(result.verdict)}</span>
      <span className="case-measured">{measured.join(" · ")}</span>
      <span className="case-points">
        {result.points}/{result.max_points}
        <span className="visually-hidden"> points</span>
      </span>
    </span>
  );
}

function Text({ title, text }: { title: string; text: string }) {
  return (
    <figure className="output">
      <figcaption>{title}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long line is scrolled with the keyboard too */}
      <pre tabIndex={0}>{text}</pre>
    </figure>
  );
}
