import type { Policy } from "../../../api/schema";
import { Checkbox } from "../../../components/Checkbox";
import { Field } from "../../../components/Field";
import { FieldError } from "../../../components/FieldError";
import { Select } from "../../../components/Select";
import { errorsAt, type FieldGroupProps, type Limit } from "./exerciseForm";

const POLICIES = [
  ["best", "The best answer"],
  ["latest", "The latest answer"],
  ["first", "The first answer"],
] as const;

const LIMITS: readonly (readonly [Limit, string, string])[] = [
  ["cpu_ms", "CPU time, in ms", "2000 if left out"],
  ["wall_ms", "Time, in ms", "Three times the CPU time if left out"],
  ["memory_bytes", "Memory, in MiB", "256 if left out"],
  ["output_bytes", "Output, in KiB", "64 if left out"],
];

/** Which answer counts, and what an answer may use. */
export function JudgingFields({ form, errors, onChange }: FieldGroupProps) {
  return (
    <section className="card stack" aria-labelledby="judging-heading">
      <h2 id="judging-heading">Judging</h2>
      <div className="field-grid">
        <Select
          label="The score follows"
          value={form.policy}
          options={POLICIES}
          onChange={(policy) => onChange({ policy: policy as Policy })}
        />
      </div>
      <Checkbox
        label="All cases in one process"
        hint="Quicker, but one case can leave things behind for the next."
        checked={form.shared_sandbox}
        onChange={(shared_sandbox) => onChange({ shared_sandbox })}
      />
      <Field
        label="Stop after time limits"
        name="stop_after_time_limits"
        type="number"
        hint="2 if left out. After so many cases that ran into a time limit, the others are not run. Set more for partial points."
        value={form.stop_after_time_limits}
        errors={errorsAt(errors, "stop_after_time_limits")}
        onChange={(stop_after_time_limits) => onChange({ stop_after_time_limits })}
      />
      <fieldset className="plain-set">
        <legend>Limits of each case</legend>
        <div className="field-grid">
          {LIMITS.map(([limit, label, hint]) => (
            <Field
              key={limit}
              label={label}
              name={limit}
              type="number"
              hint={hint}
              value={form.limits[limit]}
              errors={errorsAt(errors, `limits.${limit}`)}
              onChange={(value) => onChange({ limits: { ...form.limits, [limit]: value } })}
            />
          ))}
        </div>
      </fieldset>
      <FieldError messages={errors.limits} />
    </section>
  );
}
