import { useEffect, useRef } from "react";
import { ErrorNotice } from "../../components/ErrorNotice";
import { formatMilliseconds, plural } from "../../components/format";
import { Skeleton } from "../../components/Skeleton";
import { CaseResultList } from "../../components/verdict/CaseResultList";
import { VerdictIcon } from "../../components/verdict/VerdictIcon";
import { verdictHeadline, verdictLabel, verdictTone } from "../../components/verdict/verdicts";
import { Warnings } from "../../components/verdict/Warnings";
import styles from "./GradingResult.module.css";
import type { Graded } from "./useGrading";

const CLASSES = { good: styles.good, bad: styles.bad, warn: styles.warn };

interface Props {
  graded: Graded | null;
  busy: boolean;
  waitsFor: keyof typeof WAITING | null;
  error: Error | null;
}

const PLACEHOLDER_LINES = 4;

const WAITING = {
  network: "It will be sent when you are back online …",
  grader: "Waiting for a free grader …",
};

/** The result of the last answer. Screen readers announce its first part when it changes. */
export function GradingResult({ graded, busy, waitsFor, error }: Props) {
  const announcement = useRef<HTMLDivElement>(null);
  // On a phone the result may be below the visible part of the page.
  useEffect(() => {
    if (graded || error) {
      announcement.current?.scrollIntoView({ block: "nearest" });
    }
  }, [graded, error]);
  return (
    <section className={styles.results} aria-labelledby="results-heading">
      <h2 id="results-heading" className="visually-hidden">
        Result
      </h2>
      <div ref={announcement} className={styles.announcement} aria-live="polite" aria-atomic="true">
        {busy && <p className="quiet">{waitsFor ? WAITING[waitsFor] : "Grading …"}</p>}
        {!busy && graded && <Verdict graded={graded} />}
        {!busy && !graded && !error && (
          <p className="quiet">Run only tests your code. Submit also records your score.</p>
        )}
      </div>
      {error && <ErrorNotice error={error} withFields />}
      {busy && <Skeleton lines={PLACEHOLDER_LINES} />}
      {!busy && graded && <Warnings result={graded.result} />}
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
          {graded.recorded ? "." : ". This was a test run: nothing was recorded."}
        </p>
      </div>
    </div>
  );
}
