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

/** Modules and data files by name. */
export function FileFields({ legend, files, errors, onChange }: Props) {
  const put = (number: number, part: Partial<FileForm>) =>
    onChange(files.map((file, place) => (place === number ? { ...file, ...part } : file)));
  return (
    <fieldset className="plain-set stack">
      <legend>{legend}</legend>
      <FieldError messages={errors} />
      {files.map((file, number) => (
        <div key={file.key} className="stack tight">
          <div className="row">
            <Field
              label="File name"
              name="file"
              value={file.name}
              onChange={(name) => put(number, { name })}
            />
            <button
              type="button"
              className="button plain"
              aria-label={`Remove the file ${file.name}`}
              onClick={() => onChange(files.toSpliced(number, 1))}
            >
              Remove
            </button>
          </div>
          {file.base64 === undefined ? (
            <TextArea
              label={`Content of ${file.name || "the file"}`}
              code
              value={file.content}
              onChange={(content) => put(number, { content })}
            />
          ) : (
            <p>This file is not text. It is kept as it is.</p>
          )}
        </div>
      ))}
      <div>
        <button
          type="button"
          className="button"
          onClick={() => onChange([...files, { key: newKey(), name: "data.py", content: "" }])}
        >
          Add a file
        </button>
      </div>
    </fieldset>
  );
}
