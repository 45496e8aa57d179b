import { useId, useState } from "react";
import type { LanguageData } from "../../../api/schema";
import { plural } from "../../../components/format";
import styles from "./CaseCard.module.css";
import { CaseFields } from "./CaseFields";
import type { CaseForm, FieldErrors } from "./caseForm";
import { errorsAt } from "./exerciseForm";

interface Props {
  form: CaseForm;
  language: LanguageData | undefined;
  index: number;
  count: number;
  errors: FieldErrors;
  onChange: (changed: Partial<CaseForm>) => void;
  onMove: (by: -1 | 1) => void;
  onCopy: () => void;
  onRemove: () => void;
}

/** A test case of the form, folded or open. One with errors is always open. */
export function CaseCard({
  form,
  language,
  index,
  count,
  errors,
  onChange,
  onMove,
  onCopy,
  onRemove,
}: Props) {
  const id = useId();
  const [expanded, setExpanded] = useState(form[form.expectation] === "" && form.code === "");
  const hasErrors = errorsAt(errors, `cases.${index}`) !== undefined;
  const open = expanded || hasErrors;
  const points = Number(form.points || 1);
  return (
    <li className={hasErrors ? `${styles.card} ${styles.invalid}` : styles.card}>
      <div className={styles.head}>
        <h3>
          <button
            type="button"
            className={styles.toggle}
            aria-expanded={open}
            aria-controls={id}
            onClick={() => setExpanded(!open)}
          >
            <span>
              {index + 1}. {form.name || "(unnamed)"}
            </span>
            <span className="tag">{form.kind}</span>
            <span className="tag">{plural(points, "point")}</span>
            {form.hidden && <span className="tag warn">hidden</span>}
          </button>
        </h3>
        <div className="row tight">
          <button
            type="button"
            className="icon-button"
            data-move={`${form.key}-up`}
            disabled={index === 0}
            aria-label={`Move ${form.name} up`}
            onClick={() => onMove(-1)}
          >
            <Arrow up />
          </button>
          <button
            type="button"
            className="icon-button"
            data-move={`${form.key}-down`}
            disabled={index === count - 1}
            aria-label={`Move ${form.name} down`}
            onClick={() => onMove(1)}
          >
            <Arrow />
          </button>
          <button type="button" className="button plain" aria-label={`Copy ${form.name}`} onClick={onCopy}>
            Copy
          </button>
          <button
            type="button"
            className="button plain"
            aria-label={`Remove ${form.name}`}
            onClick={onRemove}
          >
            Remove
          </button>
        </div>
      </div>
      <div id={id} className={styles.body} hidden={!open}>
        {open && (
          <CaseFields
            form={form}
            language={language}
            path={`cases.${index}`}
            errors={errors}
            onChange={onChange}
          />
        )}
      </div>
    </li>
  );
}

function Arrow({ up }: { up?: boolean }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="2">
      <path d={up ? "M12 19V5M6 11l6-6 6 6" : "M12 5v14M6 13l6 6 6-6"} />
    </svg>
  );
}
