import { type ReactNode, useId } from "react";

export interface LabelProps {
  label: string;
  hint?: string;
  errors?: string[];
}

interface Attributes {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

interface Props extends LabelProps {
  /** Render the control with the attributes that link it to its label, hint and errors. */
  children: (attributes: Attributes) => ReactNode;
}

/** A control with its label, hint and errors. */
export function LabelledControl({ label, hint, errors, children }: Props) {
  const id = useId();
  const describedBy = [hint && `${id}-hint`, errors && `${id}-errors`].filter(Boolean).join(" ");
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        "aria-describedby": describedBy || undefined,
        "aria-invalid": errors ? true : undefined,
      })}
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {errors && (
        <p className="error-text" id={`${id}-errors`}>
          {errors.join(" ")}
        </p>
      )}
    </div>
  );
}
