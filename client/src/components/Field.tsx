import { useId } from "react";

interface Props {
  label: string;
  name: string;
  value: string;
  onChange: (value: string) => void;
  type?: "text" | "email" | "password" | "search" | "number";
  autoComplete?: string;
  hint?: string;
  errors?: string[];
  required?: boolean;
}

/** A labelled input, with its hint and what the service says is wrong with it. */
export function Field({ label, hint, errors, onChange, ...input }: Props) {
  const id = useId();
  const told = [hint && `${id}-hint`, errors && `${id}-errors`].filter(Boolean).join(" ");
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...input}
        id={id}
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
