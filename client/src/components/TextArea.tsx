import { LabelledControl, type LabelProps } from "./LabelledControl";
import styles from "./TextArea.module.css";

interface Props extends LabelProps {
  value: string;
  onChange: (value: string) => void;
  rows?: number;
  /** Whether it holds code or data: in a fixed-width font, without a spelling check. */
  code?: boolean;
}

/** A labelled text field of several lines. */
export function TextArea({ label, value, onChange, rows = 3, code, hint, errors }: Props) {
  return (
    <LabelledControl label={label} hint={hint} errors={errors}>
      {(attributes) => (
        <textarea
          {...attributes}
          className={code ? styles.code : undefined}
          rows={rows}
          value={value}
          spellCheck={!code}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </LabelledControl>
  );
}
