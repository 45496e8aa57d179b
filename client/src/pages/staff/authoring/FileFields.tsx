import { Field } from "../../../components/Field";
import { FieldError } from "../../../components/FieldError";
import { TextArea } from "../../../components/TextArea";
import { type FileForm, newKey } from "./caseForm";

interface Props {
  legend: string;
  files: FileForm[];
  errors: string[] | undefined;
  onChange: (files: FileForm[]) => void;
}

/** The names and contents of modules and data files. */
export function FileFields({ legend, files, errors, onChange }: Props) {
  const change = (index: number, changed: Partial<FileForm>) =>
    onChange(files.with(index, { ...(files[index] as FileForm), ...changed }));
  return (
    <fieldset className="plain-set stack">
      <legend>{legend}</legend>
      <FieldError messages={errors} />
      {files.map((file, index) => (
        <div key={file.key} className="stack tight">
          <div className="row">
            <Field
              label="File name"
              name="file"
              value={file.name}
              onChange={(name) => change(index, { name })}
            />
            <button
              type="button"
              className="button plain"
              aria-label={`Remove the file ${file.name}`}
              onClick={() => onChange(files.toSpliced(index, 1))}
            >
              Remove
            </button>
          </div>
          {file.base64 === undefined ? (
            <TextArea
              label={`Content of ${file.name || "the file"}`}
              code
              value={file.content}
              onChange={(content) => change(index, { content })}
            />
          ) : (
            <p>This file is not text, so it cannot be edited here.</p>
          )}
        </div>
      ))}
      <div>
        <button
          type="button"
          className="button"
          onClick={() => onChange([...files, { key: newKey(), name: "data.py", content: "" }])}
        >
          Add file
        </button>
      </div>
    </fieldset>
  );
}
