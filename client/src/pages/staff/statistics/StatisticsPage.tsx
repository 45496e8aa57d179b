import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import type { CaseFailures, Verdict } from "../../../api/schema";
import { Figures } from "../../../components/Figures";
import { formatPercent, plural } from "../../../components/format";
import { Loaded } from "../../../components/Loaded";
import { PageHeading } from "../../../components/PageHeading";
import { verdictLabel } from "../../../components/verdict/verdicts";
import { statisticsQuery } from "../../../queries/statistics";
import { ExerciseSubtitle } from "../ExerciseSubtitle";
import { ShareSection } from "./ShareSection";

export function Component() {
  const exerciseId = Number(useParams().exerciseId);
  const statistics = useQuery(statisticsQuery(exerciseId));
  return (
    <>
      <PageHeading title="Statistics" />
      <ExerciseSubtitle exerciseId={exerciseId} to={`/exercises/${exerciseId}`} />
      <Loaded query={statistics} lines={16}>
        {({ figures, verdicts }) => (
          <>
            <Figures
              figures={[
                ["Solve rate", formatPercent(figures.solve_rate)],
                ["Solved by", `${figures.solved} of ${figures.learners}`],
                ["Attempts", figures.attempts.toLocaleString()],
                ["Median attempts", figures.median_attempts?.toLocaleString() ?? "–"],
              ]}
            />
            <p className="quiet">
              {verdicts.submissions === 0
                ? "No submission has been graded yet."
                : `Based on the latest ${plural(verdicts.submissions, "graded submission")}.`}
            </p>
            {verdicts.submissions > 0 && (
              <div className="two-columns">
                <ShareSection
                  title="Verdicts"
                  columns={["Verdict", "Submissions", "Share"]}
                  shares={verdictShares(verdicts.verdicts, verdicts.submissions)}
                />
                <ShareSection
                  title="Hardest cases"
                  columns={["Case", "Failed", "Share"]}
                  shares={verdicts.cases.map(caseShare)}
                />
              </div>
            )}
          </>
        )}
      </Loaded>
    </>
  );
}

function verdictShares(counts: Record<string, number>, total: number) {
  return Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([verdict, count]) => ({
      name: verdictLabel(verdict as Verdict),
      count: count.toLocaleString(),
      share: count / total,
    }));
}

function caseShare({ name, hidden, failed, submissions, failure_rate }: CaseFailures) {
  return {
    name: hidden ? `${name} (hidden)` : name,
    count: `${failed.toLocaleString()} of ${submissions.toLocaleString()}`,
    share: failure_rate,
  };
}
