import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { CheckAnswer } from "../../../api/schema";
import { Field } from "../../../components/Field";
import { FieldError } from "../../../components/FieldError";
import { LiveStatus } from "../../../components/LiveStatus";
import { Select } from "../../../components/Select";
import { languagesQuery, useLanguageTitles } from "../../../queries/languages";
import { errorsAt, type FieldGroupProps, type LanguageForm } from "./exerciseForm";
import styles from "./FurtherLanguages.module.css";
import { emptyLanguage, furtherOptions } from "./languageChoice";
import { Solution } from "./Solution";

interface Props extends FieldGroupProps {
  trial: CheckAnswer["data"] | undefined;
}

const FACTORS = [
  ["cpu_factor", "Factor of the times"],
  ["memory_factor", "Factor of the memory"],
] as const;

/** The languages that learners may choose in place of the default one, with their solutions and factors. */
export function FurtherLanguages({ form, errors, onChange, trial }: Props) {
  const known = useQuery(languagesQuery).data;
  const title = useLanguageTitles();
  const [status, setStatus] = useState("");
  const heading = useRef<HTMLHeadingElement>(null);
  const { languages } = form;
  const change = (at: number, changed: Partial<LanguageForm>) =>
    onChange({ languages: languages.map((one, index) => (index === at ? { ...one, ...changed } : one)) });
  const remove = (at: number, name: string) => {
    onChange({ languages: languages.toSpliced(at, 1) });
    setStatus(`${title(name)} was removed.`);
    heading.current?.focus();
  };
  return (
    <div className="stack">
      <h3 ref={heading} tabIndex={-1}>
        Other languages
      </h3>
      <p className="hint">
        Learners may choose among {title(form.language)}, which is the default, and these. The limits are
        multiplied by the factors of a language.
      </p>
      {languages.map((language, index) => (
        <fieldset key={language.name} className={styles.language}>
          <legend>{title(language.name)}</legend>
          <FieldError messages={errors[`languages.${language.name}`]} />
          <div className="two-columns">
            <Solution
              label={`Starter in ${title(language.name)}`}
              hint="It must not pass the test cases."
              language={language.name}
              value={language.starter}
              diagnostics={trial?.languages[language.name]?.starter?.diagnostics}
              errors={errorsAt(errors, `languages.${language.name}.starter`)}
              onChange={(starter) => change(index, { starter })}
            />
            <Solution
              label={`Reference solution in ${title(language.name)}`}
              hint="It must pass the test cases."
              language={language.name}
              value={language.reference_solution}
              diagnostics={trial?.languages[language.name]?.reference_solution?.diagnostics}
              errors={errorsAt(errors, `languages.${language.name}.reference_solution`)}
              onChange={(reference_solution) => change(index, { reference_solution })}
            />
          </div>
          <div className="field-grid">
            {FACTORS.map(([factor, label]) => (
              <Field
                key={factor}
                label={label}
                name={`${language.name}-${factor}`}
                type="number"
                hint={`Default: ${known?.find(({ name }) => name === language.name)?.[factor] ?? 1}`}
                value={language[factor]}
                errors={errorsAt(errors, `languages.${language.name}.${factor}`)}
                onChange={(value) => change(index, { [factor]: value })}
              />
            ))}
          </div>
          <div>
            <button
              type="button"
              className="button plain"
              aria-label={`Remove ${title(language.name)}`}
              onClick={() => remove(index, language.name)}
            >
              Remove
            </button>
          </div>
        </fieldset>
      ))}
      <AddLanguage
        options={furtherOptions(known, form)}
        onAdd={(name) => {
          onChange({ languages: [...languages, emptyLanguage(name)] });
          setStatus(`${title(name)} was added.`);
        }}
      />
      <LiveStatus message={status} />
    </div>
  );
}

interface AddLanguageProps {
  options: (readonly [value: string, label: string])[];
  onAdd: (name: string) => void;
}

function AddLanguage({ options, onAdd }: AddLanguageProps) {
  const [selected, setSelected] = useState("");
  const name = options.some(([value]) => value === selected) ? selected : options[0]?.[0];
  if (name === undefined) {
    return null;
  }
  return (
    <div className={styles.add}>
      <Select label="Another language" value={name} options={options} onChange={setSelected} />
      <button type="button" className="button" onClick={() => onAdd(name)}>
        Add language
      </button>
    </div>
  );
}
