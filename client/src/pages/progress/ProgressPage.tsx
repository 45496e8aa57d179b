import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useToken } from "../../api/session";
import { LogInPrompt } from "../../auth/LogInPrompt";
import { Figures } from "../../components/Figures";
import { plural } from "../../components/format";
import { Loaded } from "../../components/Loaded";
import { PageHeading } from "../../components/PageHeading";
import { PROGRESS_WEEKS, progressQuery } from "../../queries/progress";
import { ActivityCalendar } from "./ActivityCalendar";
import { solvedCurve } from "./activity";
import { ExerciseTable } from "./ExerciseTable";
import styles from "./ProgressPage.module.css";

const SolvedChart = lazy(async () => ({ default: (await import("./SolvedChart")).SolvedChart }));

export function Component() {
  const token = useToken();
  const progress = useQuery(progressQuery(token));
  if (token === null) {
    return <LogInPrompt toSee="your progress" />;
  }
  return (
    <>
      <PageHeading title="Progress" />
      <Loaded query={progress} lines={16}>
        {(own) => (
          <>
            <Figures
              large
              figures={[
                ["Solved", own.solved.toLocaleString()],
                ["Attempted", own.attempted.toLocaleString()],
                ["Current streak", plural(own.current_streak, "day")],
                ["Longest streak", plural(own.longest_streak, "day")],
              ]}
            />
            <section className="card stack" aria-labelledby="over-time">
              <h2 id="over-time">Solved over time</h2>
              <div className={styles.chart}>
                <Suspense>
                  <SolvedChart points={solvedCurve(own.days, own.solved, own.since, own.today)} />
                </Suspense>
              </div>
            </section>
            <section className="card stack" aria-labelledby="activity">
              <h2 id="activity">Activity</h2>
              <ActivityCalendar days={own.days} today={own.today} weeks={PROGRESS_WEEKS} />
              <p className="quiet">Days are counted in UTC.</p>
            </section>
            <ExerciseTable token={token} />
          </>
        )}
      </Loaded>
    </>
  );
}
