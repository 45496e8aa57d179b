import type { CheckAnswer } from "../../../api/schema";
import { errorsAt, type FieldGroupProps } from "./exerciseForm";
import { FileFields } from "./FileFields";
import { FurtherLanguages } from "./FurtherLanguages";
import { Solution } from "./Solution";

interface Props extends FieldGroupProps {
  /** The last trial of the solutions. */
  trial: CheckAnswer["data"] | undefined;
}

/** The starter code, which the test cases must reject, and the reference solution, which they must accept. */
export function SolutionFields({ form, errors, onChange, trial }: Props) {
  return (
    <section className="card stack" aria-labelledby="solutions-heading">
      <h2 id="solutions-heading">Solutions</h2>
      <p className="hint">In the editors, Tab indents. Press Escape, then Tab, to leave.</p>
      <div className="two-columns">
        <Solution
          label="Starter"
          hint="The code that learners start with. It must not pass the test cases."
          language={form.language}
          value={form.starter}
          diagnostics={trial?.starter?.diagnostics}
          errors={errorsAt(errors, "starter")}
          onChange={(starter) => onChange({ starter })}
        />
        <Solution
          label="Reference solution"
          hint="It must pass the test cases. Only admins see it."
          language={form.language}
          value={form.reference_solution}
          diagnostics={trial?.reference_solution?.diagnostics}
          errors={errorsAt(errors, "reference_solution")}
          onChange={(reference_solution) => onChange({ reference_solution })}
        />
      </div>
      <FileFields
        legend="Files for every answer, which learners see"
        files={form.support_files}
        errors={errorsAt(errors, "support_files")}
        onChange={(support_files) => onChange({ support_files })}
      />
      <FurtherLanguages form={form} errors={errors} onChange={onChange} trial={trial} />
    </section>
  );
}
