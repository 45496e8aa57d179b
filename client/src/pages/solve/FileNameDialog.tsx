import { type FormEvent, useState } from "react";
import { Field } from "../../components/Field";
import { ModalDialog } from "../../components/ModalDialog";
import { nameError } from "./answerFiles";

interface Props {
  title: string;
  action: string;
  initial?: string;
  /** The names of other files. */
  taken: string[];
  onName: (name: string) => void;
  onClose: () => void;
}

/** A dialog for the name of a file. */
export function FileNameDialog({ title, action, initial = "", taken, onName, onClose }: Props) {
  const [name, setName] = useState(initial);
  const [error, setError] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = nameError(name.trim(), taken);
    setError(found);
    if (found === null) {
      onClose();
      onName(name.trim());
    }
  };
  return (
    <ModalDialog title={title} onClose={onClose}>
      <form className="form" onSubmit={submit} noValidate>
        <Field
          label="File name"
          name="file"
          value={name}
          autoComplete="off"
          errors={error ? [error] : undefined}
          onChange={setName}
        />
        <div>
          <button type="submit" className="button primary">
            {action}
          </button>
        </div>
      </form>
    </ModalDialog>
  );
}
