/** The languages that an author can choose, and what a language allows. */

import type { Kind, LanguageData } from "../../../api/schema";
import type { CaseForm } from "./caseForm";
import type { ExerciseForm } from "./exerciseForm";

/** Return the options of a list of languages: those that are available, and the current one. */
export function languageOptions(
  languages: LanguageData[] | undefined,
  current: string,
): (readonly [value: string, label: string])[] {
  const options = (languages ?? [])
    .filter(({ name, available }) => available || name === current)
    .map(({ name, title, available }) => [name, available ? title : `${title} (not available)`] as const);
  return options.some(([name]) => name === current) ? options : [[current, current], ...options];
}

/** Return the kind of a new test case. All kinds are allowed as long as the language is not known. */
export function defaultKind(language: LanguageData | undefined): Kind {
  return isKindAllowed(language, "call") ? "call" : (language?.kinds[0] ?? "call");
}

export function isKindAllowed(language: LanguageData | undefined, kind: Kind): boolean {
  return language?.kinds.includes(kind) ?? true;
}

/** Return the change of a form to another language. Test cases of kinds that it does not have get another kind. */
export function changedLanguage(
  form: ExerciseForm,
  language: LanguageData,
): Pick<ExerciseForm, "language" | "cases"> {
  const withAllowedKind = (testCase: CaseForm) =>
    isKindAllowed(language, testCase.kind) ? testCase : { ...testCase, kind: defaultKind(language) };
  return { language: language.name, cases: form.cases.map(withAllowedKind) };
}
