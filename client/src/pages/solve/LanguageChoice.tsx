import { useQuery } from "@tanstack/react-query";
import type { ExerciseData } from "../../api/schema";
import { languagesOf, limitsIn } from "../../components/exerciseLanguages";
import { Select } from "../../components/Select";
import { languagesQuery, useLanguageTitles } from "../../queries/languages";
import styles from "./LanguageChoice.module.css";
import { limitsText } from "./limitsText";

interface Props {
  exercise: ExerciseData;
  language: string;
  onChange: (language: string) => void;
}

/** The languages of an exercise to choose from, and the limits in the chosen one. */
export function LanguageChoice({ exercise, language, onChange }: Props) {
  const known = useQuery(languagesQuery).data;
  const title = useLanguageTitles();
  const label = (name: string) =>
    known?.find((one) => one.name === name)?.available === false
      ? `${title(name)} (not available)`
      : title(name);
  return (
    <div className={styles.choice}>
      <Select
        label="Language"
        value={language}
        options={languagesOf(exercise).map((name) => [name, label(name)] as const)}
        onChange={onChange}
      />
      <p className="quiet" role="status">
        {limitsText(limitsIn(exercise, language))}
      </p>
    </div>
  );
}
