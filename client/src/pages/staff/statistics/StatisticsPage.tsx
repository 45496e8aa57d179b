import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import type { CaseFailures, Verdict } from "../../../api/schema";
import { Figures } from "../../../components/Figures";
import { Heading } from "../../../components/Heading";
import { Loaded } from "../../../components/Loaded";
import { percent } from "../../../components/percent";
import { plural } from "../../../components/units";
import { wordsOf } from "../../../components/verdict/verdicts";
import { statisticsQuery } from "../../../queries/statistics";
import { OfExercise } from "../OfExercise";
import { BarsWithTable } from "./BarsWithTable";

export function Component() {
  const exerciseId = Number(useParams().exerciseId);
  const statistics = useQuery(statisticsQuery(exerciseId));
  return (
    <>
      <Heading title="Statistics" />
      <OfExercise exerciseId={exerciseId} to={`/exercises/${exerciseId}`} />
      <Loaded query={statistics} lines={16}>
        {({ figures, verdicts }) => (
          <>
            <Figures
              figures={[
                ["Solve rate", percent(figures.solve_rate)],
                ["Solved by", `${figures.solved} of ${figures.learners}`],
                ["Attempts", figures.attempts.toLocaleString()],
                ["Median attempts", figures.median_attempts?.toLocaleString() ?? "–"],
              ]}
            />
            <p className="quiet">
              {verdicts.submissions === 0
                ? "No submission has been graded yet."
                : `Below: the latest ${plural(verdicts.submissions, "graded submission")}.`}
            </p>
            {verdicts.submissions > 0 && (
              <div className="two-columns">
                <BarsWithTable
                  title="How they ended"
                  columns={["Verdict", "Submissions", "Share"]}
                  bars={verdictBars(verdicts.verdicts, verdicts.submissions)}
                />
                <BarsWithTable
                  title="Hardest cases"
                  columns={["Case", "Failed", "Share"]}
                  bars={verdicts.cases.map(caseBar)}
                />
              </div>
            )}
          </>
        )}
      </Loaded>
    </>
  );
}

function verdictBars(counts: Record<string, number>, total: number) {
  return Object.entries(counts)
    .sort(([, one], [, other]) => other - one)
    .map(([verdict, count]) => ({
      name: wordsOf(verdict as Verdict),
      count: count.toLocaleString(),
      share: count / total,
    }));
}

function caseBar({ name, hidden, failed, submissions, failure_rate }: CaseFailures) {
  return {
    name: hidden ? `${name} (hidden)` : name,
    count: `${failed.toLocaleString()} of ${submissions.toLocaleString()}`,
    share: failure_rate,
  };
}
