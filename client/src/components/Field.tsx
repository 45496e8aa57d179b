import { LabelledControl, type LabelProps } from "./LabelledControl";

interface Props extends LabelProps {
  name: string;
  value: string;
  onChange: (value: string) => void;
  type?: "text" | "email" | "password" | "search" | "number";
  autoComplete?: string;
  required?: boolean;
}

/** A labelled input. */
export function Field({ label, hint, errors, onChange, ...input }: Props) {
  return (
    <LabelledControl label={label} hint={hint} errors={errors}>
      {(attributes) => (
        <input {...input} {...attributes} onChange={(event) => onChange(event.target.value)} />
      )}
    </LabelledControl>
  );
}
