import type { CheckAnswer, TrialData } from "../../../api/schema";
import { CaseResultList } from "../../../components/verdict/CaseResultList";
import { VerdictIcon } from "../../../components/verdict/VerdictIcon";
import { verdictLabel } from "../../../components/verdict/verdicts";
import { Warnings } from "../SaveNotice";

/** How the cases judge the two solutions, before anybody else meets them. */
export function TrialResult({ answer: { data, warnings } }: { answer: CheckAnswer }) {
  return (
    <section className="stack" aria-labelledby="trial-heading">
      <h2 id="trial-heading">How it went</h2>
      <p className="with-icon">
        <VerdictIcon tone={data.savable ? "good" : "bad"} />
        {data.savable ? "It can be saved." : "It cannot be saved like this."}
      </p>
      <Warnings warnings={warnings} />
      <div className="two-columns">
        <SolutionTrial title="Starter" trial={data.starter} wanted={false} />
        <SolutionTrial title="Reference solution" trial={data.reference_solution} wanted />
      </div>
    </section>
  );
}

interface SolutionTrialProps {
  title: string;
  trial: TrialData | null;
  wanted: boolean;
}

function SolutionTrial({ title, trial, wanted }: SolutionTrialProps) {
  if (trial === null) {
    return (
      <div className="stack tight">
        <h3>{title}</h3>
        <p className="quiet">There is none to try.</p>
      </div>
    );
  }
  const accepted = trial.verdict === "accepted";
  return (
    <div className="stack tight">
      <h3>{title}</h3>
      <p className="with-icon">
        <VerdictIcon tone={accepted === wanted ? "good" : "bad"} />
        {verdictLabel(trial.verdict)}, {trial.points} of {trial.max_points} points
        {accepted === wanted ? ", as it must be." : wanted ? ". It must be accepted." : ". It must not be."}
      </p>
      <CaseResultList label={`Test cases, ${title}`} results={trial.cases} />
    </div>
  );
}
