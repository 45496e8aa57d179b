import { useEffect, useRef } from "react";
import { ErrorNotice } from "../../components/ErrorNotice";
import { formatMilliseconds, plural } from "../../components/format";
import { Skeleton } from "../../components/Skeleton";
import { CaseResultList } from "../../components/verdict/CaseResultList";
import { VerdictIcon } from "../../components/verdict/VerdictIcon";
import { verdictHeadline, verdictLabel, verdictTone } from "../../components/verdict/verdicts";
import styles from "./GradingResult.module.css";
import type { Graded } from "./useGrading";

const CLASSES = { good: styles.good, bad: styles.bad, warn: styles.warn };

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
    <section className={styles.results} aria-labelledby="results-heading">
      <h2 id="results-heading" className="visually-hidden">
        Result
      </h2>
      <div ref={told} className={styles.announcement} aria-live="polite" aria-atomic="true">
        {busy && <p className="quiet">{waitsFor ? WAITING[waitsFor] : "Being graded …"}</p>}
        {!busy && graded && <Verdict graded={graded} />}
        {!busy && !graded && !error && (
          <p className="quiet">Run tries your code. Submit tries it and records the score.</p>
        )}
      </div>
      {error && <ErrorNotice error={error} withFields />}
      {busy && <Skeleton lines={ROOM} />}
      {!busy && graded && (
        <CaseResultList label="Test cases" results={graded.result.cases ?? []} openFirstFailure />
      )}
    </section>
  );
}

function Verdict({ graded }: { graded: Graded }) {
  const { verdict, points, max_points, wall_ms } = graded.result;
  if (verdict === null) {
    return null;
  }
  const tone = verdictTone(verdict);
  return (
    <div className={`${styles.verdict} ${CLASSES[tone]}`}>
      <VerdictIcon tone={tone} large />
      <div>
        <p className={styles.headline}>{verdictHeadline(verdict)}</p>
        <p>
          {tone === "bad" && `${verdictLabel(verdict)}. `}
          {points !== null && max_points !== null && `${points} of ${plural(max_points, "point")}`}
          {wall_ms !== null && ` in ${formatMilliseconds(wall_ms)}`}
          {graded.recorded ? "." : ". Only a try: nothing was recorded."}
        </p>
      </div>
    </div>
  );
}
