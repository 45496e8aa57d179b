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
  /** Makes the control, with the attributes that tie it to its label, its hint and what is wrong with it. */
  children: (attributes: Attributes) => ReactNode;
}

/** A control with its label, its hint and what the service says is wrong with it. */
export function LabelledControl({ label, hint, errors, children }: Props) {
  const id = useId();
  const told = [hint && `${id}-hint`, errors && `${id}-errors`].filter(Boolean).join(" ");
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, "aria-describedby": told || undefined, "aria-invalid": errors ? true : undefined })}
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
