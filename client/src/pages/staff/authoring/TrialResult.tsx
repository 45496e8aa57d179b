import type { CheckAnswer, TrialData } from "../../../api/schema";
import { CaseResultList } from "../../../components/verdict/CaseResultList";
import { VerdictIcon } from "../../../components/verdict/VerdictIcon";
import { verdictLabel } from "../../../components/verdict/verdicts";
import { useLanguageTitles } from "../../../queries/languages";
import { Warnings } from "../SaveNotice";

/** The verdicts on the starter and the reference solution. They decide whether the exercise can be saved. */
export function TrialResult({ response: { data, warnings } }: { response: CheckAnswer }) {
  const title = useLanguageTitles();
  return (
    <section className="stack" aria-labelledby="trial-heading">
      <h2 id="trial-heading">Test results</h2>
      <p className="with-icon">
        <VerdictIcon tone={data.savable ? "good" : "bad"} />
        {data.savable ? "The exercise can be saved." : "The exercise cannot be saved yet."}
      </p>
      <Warnings warnings={warnings} />
      <div className="two-columns">
        <SolutionTrial title="Starter" trial={data.starter} mustPass={false} />
        <SolutionTrial title="Reference solution" trial={data.reference_solution} mustPass />
      </div>
      {Object.entries(data.languages).map(([name, trial]) => (
        <div className="two-columns" key={name}>
          <SolutionTrial title={`Starter in ${title(name)}`} trial={trial.starter} mustPass={false} />
          <SolutionTrial
            title={`Reference solution in ${title(name)}`}
            trial={trial.reference_solution}
            mustPass
          />
        </div>
      ))}
    </section>
  );
}

interface SolutionTrialProps {
  title: string;
  trial: TrialData | null;
  mustPass: boolean;
}

function SolutionTrial({ title, trial, mustPass }: SolutionTrialProps) {
  if (trial === null) {
    return (
      <div className="stack tight">
        <h3>{title}</h3>
        <p className="quiet">Not given.</p>
      </div>
    );
  }
  const accepted = trial.verdict === "accepted";
  return (
    <div className="stack tight">
      <h3>{title}</h3>
      <p className="with-icon">
        <VerdictIcon tone={accepted === mustPass ? "good" : "bad"} />
        {verdictLabel(trial.verdict)}, {trial.points} of {trial.max_points} points
        {accepted === mustPass
          ? ", as required."
          : mustPass
            ? ". It must be accepted."
            : ". It must not be accepted."}
      </p>
      <CaseResultList label={`Test cases, ${title}`} results={trial.cases} />
    </div>
  );
}
