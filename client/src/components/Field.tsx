import { Labelled, type Told } from "./Labelled";

interface Props extends Told {
  name: string;
  value: string;
  onChange: (value: string) => void;
  type?: "text" | "email" | "password" | "search" | "number";
  autoComplete?: string;
  required?: boolean;
}

/** A labelled input of one line. */
export function Field({ label, hint, errors, onChange, ...input }: Props) {
  return (
    <Labelled label={label} hint={hint} errors={errors}>
      {(attributes) => (
        <input {...input} {...attributes} onChange={(event) => onChange(event.target.value)} />
      )}
    </Labelled>
  );
}
