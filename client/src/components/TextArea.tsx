import { useId } from "react";

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  rows?: number;
  /** Whether it holds code or data, where every character counts. */
  code?: boolean;
  hint?: string;
  errors?: string[];
}

/** A labelled text of several lines, with its hint and what the service says is wrong with it. */
export function TextArea({ label, value, onChange, rows = 3, code, hint, errors }: Props) {
  const id = useId();
  const told = [hint && `${id}-hint`, errors && `${id}-errors`].filter(Boolean).join(" ");
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        className={code ? "code-text" : undefined}
        rows={rows}
        value={value}
        spellCheck={!code}
        aria-describedby={told || undefined}
        aria-invalid={errors ? true : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {errors && (
        <p className="wrong" id={`${id}-errors`}>
          {errors.join(" ")}
        </p>
      )}
    </div>
  );
}
