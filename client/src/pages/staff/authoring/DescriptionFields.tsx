import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Field } from "../../../components/Field";
import { FieldError } from "../../../components/FieldError";
import { Markdown } from "../../../components/Markdown";
import { Select } from "../../../components/Select";
import { TextArea } from "../../../components/TextArea";
import { languagesQuery } from "../../../queries/languages";
import styles from "./DescriptionFields.module.css";
import { errorsAt, type FieldGroupProps } from "./exerciseForm";
import { changedLanguage, languageOptions } from "./languageChoice";

/** The title and the text of the exercise, with a preview of the text. */
export function DescriptionFields({ form, errors, onChange }: FieldGroupProps) {
  const [preview, setPreview] = useState(false);
  const languages = useQuery(languagesQuery).data;
  const find = (wanted: string) => languages?.find(({ name }) => name === wanted);
  const missing = find(form.language)?.missing;
  const changeLanguage = (name: string) => {
    const language = find(name);
    onChange(language ? changedLanguage(form, language) : { language: name });
  };
  return (
    <section className="card stack" aria-labelledby="description-heading">
      <h2 id="description-heading">Description</h2>
      <div className="field-grid">
        <Field
          label="Title"
          name="title"
          value={form.title}
          errors={errorsAt(errors, "title")}
          onChange={(title) => onChange({ title })}
        />
        <Field
          label="Short name"
          name="slug"
          hint="Lowercase letters, digits and hyphens. Optional."
          value={form.slug}
          errors={errorsAt(errors, "slug")}
          onChange={(slug) => onChange({ slug })}
        />
        <Select
          label="Language"
          value={form.language}
          options={languageOptions(languages, form.language)}
          onChange={changeLanguage}
        />
      </div>
      <FieldError messages={errorsAt(errors, "language")} />
      <FieldError messages={errors.languages} />
      {missing && <p className="hint">{missing}</p>}
      <TextArea
        label="Exercise text"
        hint="Markdown."
        rows={10}
        value={form.exercise_body}
        errors={errorsAt(errors, "exercise_body")}
        onChange={(exercise_body) => onChange({ exercise_body })}
      />
      <div>
        <button
          type="button"
          className="button"
          aria-expanded={preview}
          aria-controls="preview"
          onClick={() => setPreview(!preview)}
        >
          {preview ? "Hide preview" : "Show preview"}
        </button>
      </div>
      <div id="preview" hidden={!preview} className={styles.preview}>
        {preview && <Markdown text={form.exercise_body || "*Nothing yet.*"} />}
      </div>
    </section>
  );
}
