/** The languages that an author can choose, and what a language allows. */

import type { Kind, LanguageData } from "../../../api/schema";
import type { CaseForm } from "./caseForm";
import type { ExerciseForm, LanguageForm } from "./exerciseForm";

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

/** Return the options of further languages for learners: those that are available and not in the form. */
export function furtherOptions(
  languages: LanguageData[] | undefined,
  form: ExerciseForm,
): (readonly [value: string, label: string])[] {
  const used = new Set([form.language, ...form.languages.map(({ name }) => name)]);
  return (languages ?? [])
    .filter(({ name, available }) => available && !used.has(name))
    .map(({ name, title }) => [name, title] as const);
}

export function emptyLanguage(name: string): LanguageForm {
  return { name, starter: "", reference_solution: "", cpu_factor: "", memory_factor: "" };
}

/** Return the default language with those kinds of test cases that all languages of the form have. */
export function commonLanguage(
  languages: LanguageData[] | undefined,
  form: ExerciseForm,
): LanguageData | undefined {
  const find = (wanted: string) => languages?.find(({ name }) => name === wanted);
  const language = find(form.language);
  const kinds = language?.kinds.filter((kind) =>
    form.languages.every(({ name }) => isKindAllowed(find(name), kind)),
  );
  return language && kinds && { ...language, kinds };
}

/** Return the kind of a new test case. All kinds are allowed as long as the language is not known. */
export function defaultKind(language: LanguageData | undefined): Kind {
  return isKindAllowed(language, "call") ? "call" : (language?.kinds[0] ?? "call");
}

export function isKindAllowed(language: LanguageData | undefined, kind: Kind): boolean {
  return language?.kinds.includes(kind) ?? true;
}

/**
 * Return the change of a form to another default language. Test cases of kinds that it does not have get another kind.
 * If learners could choose it already, it changes places with the default language.
 */
export function changedLanguage(form: ExerciseForm, language: LanguageData): Partial<ExerciseForm> {
  const withAllowedKind = (testCase: CaseForm) =>
    isKindAllowed(language, testCase.kind) ? testCase : { ...testCase, kind: defaultKind(language) };
  const changed = { language: language.name, cases: form.cases.map(withAllowedKind) };
  const chosen = form.languages.find(({ name }) => name === language.name);
  if (chosen === undefined) {
    return changed;
  }
  const { starter, reference_solution } = form;
  const former = { ...emptyLanguage(form.language), starter, reference_solution };
  return {
    ...changed,
    starter: chosen.starter,
    reference_solution: chosen.reference_solution,
    languages: form.languages.map((one) => (one === chosen ? former : one)),
  };
}
