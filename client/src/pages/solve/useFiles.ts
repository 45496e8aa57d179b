import { useState } from "react";
import type { ExerciseData } from "../../api/schema";
import { type Files, readFiles, renamed, without, writeFiles } from "./answerFiles";

/** The other files of the user's answers in each language of an exercise, and which file is shown. */
export function useFiles(exercise: ExerciseData, userId: number | null, language: string) {
  const draftOf = (inLanguage: string) => ({ userId, exerciseId: exercise.id, language: inLanguage });
  const [filesIn, setFilesIn] = useState<Record<string, Files>>({});
  /** The name of the file that is shown; null for the answer itself. */
  const [selected, select] = useState<string | null>(null);
  const [isSaved, setSaved] = useState(true);
  const files = filesIn[language] ?? readFiles(draftOf(language));

  const replace = (next: Files, inLanguage = language) => {
    setFilesIn((before) => ({ ...before, [inLanguage]: next }));
    setSaved(writeFiles(draftOf(inLanguage), next));
  };
  const add = (name: string) => {
    replace({ ...files, [name]: "" });
    select(name);
  };
  const rename = (from: string, to: string) => {
    replace(renamed(files, from, to));
    select(to);
  };
  const remove = (name: string) => {
    replace(without(files, name));
    select(null);
  };
  const write = (name: string, text: string) => replace({ ...files, [name]: text });
  return { files, selected, isSaved, select, replace, add, rename, remove, write } as const;
}

export type FilesOfAnswer = ReturnType<typeof useFiles>;
