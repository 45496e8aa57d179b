import { useState } from "react";
import type { ExerciseData } from "../../api/schema";
import { languagesOf, starterIn } from "../../components/exerciseLanguages";
import { dropDraft, readDraft, readLanguage, writeDraft, writeLanguage } from "./drafts";

/** The code that the user is writing in each language of an exercise, and the chosen language. */
export function useCode(exercise: ExerciseData, userId: number | null) {
  const languages = languagesOf(exercise);
  const draftOf = (language: string) => ({
    userId,
    exerciseId: exercise.id,
    language: language === exercise.language ? null : language,
  });
  const [language, setLanguage] = useState(() => {
    const chosen = readLanguage(userId, exercise.id);
    return chosen !== null && languages.includes(chosen) ? chosen : exercise.language;
  });
  const [codes, setCodes] = useState<Record<string, string>>(() =>
    Object.fromEntries(
      languages.map((name) => [name, readDraft(draftOf(name)) ?? starterIn(exercise, name)]),
    ),
  );
  const [isSaved, setSaved] = useState(true);
  const starter = starterIn(exercise, language);

  const choose = (chosen: string) => {
    setLanguage(chosen);
    writeLanguage(userId, exercise.id, chosen);
  };
  const write = (code: string, inLanguage = language) => {
    setCodes((before) => ({ ...before, [inLanguage]: code }));
    setSaved(writeDraft(draftOf(inLanguage), code));
  };
  /** Replace the code by an earlier submission, in its language if the exercise still has that. Return the language. */
  const load = (answer: string, answerLanguage: string) => {
    const target = languages.includes(answerLanguage) ? answerLanguage : language;
    if (target !== language) {
      choose(target);
    }
    write(answer, target);
    return target;
  };
  const reset = () => {
    setCodes((before) => ({ ...before, [language]: starter }));
    dropDraft(draftOf(language));
  };
  return { languages, language, code: codes[language] ?? "", starter, isSaved, choose, write, load, reset };
}
