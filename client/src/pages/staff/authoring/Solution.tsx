import { useId } from "react";
import type { DiagnosticData } from "../../../api/schema";
import { LazyCodeEditor } from "../../../components/editor/LazyCodeEditor";
import styles from "./Solution.module.css";

interface Props {
  label: string;
  hint: string;
  language: string;
  value: string;
  diagnostics: DiagnosticData[] | undefined;
  errors: string[] | undefined;
  onChange: (value: string) => void;
}

/** The editor of a starter or a reference solution. */
export function Solution({ label, hint, errors, ...editor }: Props) {
  const id = useId();
  return (
    <div className="stack tight">
      <h3>{label}</h3>
      <div className={errors ? `${styles.editor} ${styles.invalid}` : styles.editor}>
        <LazyCodeEditor label={label} describedBy={id} {...editor} />
      </div>
      <p className={errors ? "error-text" : "hint"} id={id}>
        {errors ? errors.join(" ") : hint}
      </p>
    </div>
  );
}
