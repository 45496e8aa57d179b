import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useToken } from "../../api/session";
import { LogInPrompt } from "../../auth/LogInPrompt";
import { plural } from "../../components/format";
import { Loaded } from "../../components/Loaded";
import { PageHeading } from "../../components/PageHeading";
import { ActivityCalendar } from "./ActivityCalendar";
import { solvedCurve } from "./activity";
import { ExerciseTable } from "./ExerciseTable";
import "./progress.css";
import { PROGRESS_WEEKS, progressQuery } from "../../queries/progress";

const SolvedChart = lazy(async () => ({ default: (await import("./SolvedChart")).SolvedChart }));

export function Component() {
  const token = useToken();
  const progress = useQuery(progressQuery(token));
  if (token === null) {
    return <LogInPrompt what="your progress" />;
  }
  return (
    <>
      <PageHeading title="Progress" />
      <Loaded query={progress} lines={16}>
        {(mine) => (
          <>
            <dl className="figures">
              <Figure name="Solved" value={mine.solved.toLocaleString()} />
              <Figure name="Attempted" value={mine.attempted.toLocaleString()} />
              <Figure name="Current streak" value={plural(mine.current_streak, "day")} />
              <Figure name="Longest streak" value={plural(mine.longest_streak, "day")} />
            </dl>
            <section className="card stack" aria-labelledby="over-time">
              <h2 id="over-time">Solved over time</h2>
              <div className="chart">
                <Suspense>
                  <SolvedChart points={solvedCurve(mine.days, mine.solved, mine.since, mine.today)} />
                </Suspense>
              </div>
            </section>
            <section className="card stack" aria-labelledby="day-by-day">
              <h2 id="day-by-day">Day by day</h2>
              <ActivityCalendar days={mine.days} today={mine.today} weeks={PROGRESS_WEEKS} />
              <p className="quiet">Days are counted in UTC.</p>
            </section>
            <ExerciseTable token={token} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div className="card figure">
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
