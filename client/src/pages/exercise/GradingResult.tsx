import { useEffect, useRef } from "react";
import { ErrorNotice } from "../../components/ErrorNotice";
import { formatMilliseconds, plural } from "../../components/format";
import { Skeleton } from "../../components/Skeleton";
import { CaseResult } from "../../components/verdict/CaseResult";
import { VerdictIcon } from "../../components/verdict/VerdictIcon";
import { verdictHeadline, verdictLabel, verdictTone } from "../../components/verdict/verdicts";
import type { Graded } from "./useGrading";

interface Props {
  graded: Graded | null;
  busy: boolean;
  waitsFor: keyof typeof WAITING | null;
  error: Error | null;
}

const ROOM = 4; // lines

const WAITING = {
  network: "It is sent when you are back online …",
  grader: "Waiting for a free grader …",
};

/** How the last answer was judged. The first part is read out when it changes. */
export function GradingResult({ graded, busy, waitsFor, error }: Props) {
  const told = useRef<HTMLDivElement>(null);
  // On a phone it may be below what can be seen: one would not know that there is an answer.
  useEffect(() => {
    if (graded || error) {
      told.current?.scrollIntoView({ block: "nearest" });
    }
  }, [graded, error]);
  return (
    <section className="results" aria-labelledby="results-heading">
      <h2 id="results-heading" className="visually-hidden">
        Result
      </h2>
      <div ref={told} className="told" aria-live="polite" aria-atomic="true">
        {busy && <p className="quiet">{waitsFor ? WAITING[waitsFor] : "Being graded …"}</p>}
        {!busy && graded && <Verdict graded={graded} />}
        {!busy && !graded && !error && (
          <p className="quiet">Run tries your code. Submit tries it and records the score.</p>
        )}
      </div>
      {error && <ErrorNotice error={error} withFields />}
      {busy && <Skeleton lines={ROOM} />}
      {!busy && graded && <Cases graded={graded} />}
    </section>
  );
}

function Verdict({ graded }: { graded: Graded }) {
  const { verdict, points, max_points, wall_ms } = graded.result;
  if (verdict === null) {
    return null;
  }
  const mark = verdictTone(verdict);
  return (
    <div className={`verdict ${mark}`}>
      <VerdictIcon mark={mark} />
      <div>
        <p className="verdict-headline">{verdictHeadline(verdict)}</p>
        <p>
          {mark === "bad" && `${verdictLabel(verdict)}. `}
          {points !== null && max_points !== null && `${points} of ${plural(max_points, "point")}`}
          {wall_ms !== null && ` in ${formatMilliseconds(wall_ms)}`}
          {graded.recorded ? "." : ". Only a try: nothing was recorded."}
        </p>
      </div>
    </div>
  );
}

function Cases({ graded }: { graded: Graded }) {
  const cases = graded.result.cases ?? [];
  const firstFailed = cases.findIndex(({ verdict }) => verdict !== "accepted");
  return (
    <ul className="cases" aria-label="Test cases">
      {cases.map((result, number) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: cases keep their order, and names need not differ
        <CaseResult key={number} result={result} open={number === firstFailed} />
      ))}
    </ul>
  );
}
