import type { Policy } from "../../../api/schema";
import { Checkbox } from "../../../components/Checkbox";
import { Field } from "../../../components/Field";
import { FieldError } from "../../../components/FieldError";
import { Select } from "../../../components/Select";
import { errorsAt, type FieldGroupProps, type Limit } from "./exerciseForm";

const POLICIES = [
  ["best", "Best answer"],
  ["latest", "Latest answer"],
  ["first", "First answer"],
] as const;

const LIMITS: readonly (readonly [Limit, string, string])[] = [
  ["cpu_ms", "CPU time in ms", "Default: 2000"],
  ["wall_ms", "Wall time in ms", "Default: three times the CPU time"],
  ["memory_bytes", "Memory in MiB", "Default: 256"],
  ["output_bytes", "Output in KiB", "Default: 64"],
];

/** Which answer counts for the score, and the limits of its test cases. */
export function JudgingFields({ form, errors, onChange }: FieldGroupProps) {
  return (
    <section className="card stack" aria-labelledby="judging-heading">
      <h2 id="judging-heading">Judging</h2>
      <div className="field-grid">
        <Select
          label="Answer that counts"
          value={form.policy}
          options={POLICIES}
          onChange={(policy) => onChange({ policy: policy as Policy })}
        />
      </div>
      <Checkbox
        label="Run all test cases in one process"
        hint="Faster, but a test case can affect the next one."
        checked={form.shared_sandbox}
        onChange={(shared_sandbox) => onChange({ shared_sandbox })}
      />
      <Field
        label="Stop after time limits"
        name="stop_after_time_limits"
        type="number"
        hint="Default: 2. After so many test cases exceed a time limit, the rest are not run. A higher number allows more partial points."
        value={form.stop_after_time_limits}
        errors={errorsAt(errors, "stop_after_time_limits")}
        onChange={(stop_after_time_limits) => onChange({ stop_after_time_limits })}
      />
      <fieldset className="plain-set">
        <legend>Limits of each test case</legend>
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
