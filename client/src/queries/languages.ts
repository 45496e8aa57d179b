import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, call } from "../api/client";
import type { LanguageData } from "../api/schema";
import { queryKeys } from "./queryKeys";

const STALE_AFTER_MS = 5 * 60_000;

// Shown until the service has answered, which may run compilers first: a title that came later would move the page.
const TITLES = new Map([
  ["bash", "Bash"],
  ["c", "C"],
  ["cpp", "C++"],
  ["csharp", "C# (Mono)"],
  ["go", "Go"],
  ["java", "Java"],
  ["javascript", "JavaScript"],
  ["lua", "Lua"],
  ["nodejs", "JavaScript (Node.js)"],
  ["octave", "Octave"],
  ["pascal", "Pascal"],
  ["php", "PHP"],
  ["python", "Python"],
  ["python3", "Python (native program)"],
  ["ruby", "Ruby"],
  ["rust", "Rust"],
  ["sql", "SQL (SQLite)"],
  ["typescript", "TypeScript"],
]);

/** The languages of exercises. They change only when a compiler is installed or removed. */
export const languagesQuery = queryOptions({
  queryKey: queryKeys.languages,
  staleTime: STALE_AFTER_MS,
  queryFn: async () => (await call(api.GET("/languages"))).data.languages,
});

/** Return all languages, or undefined as long as they are not known. */
export function useLanguages(): LanguageData[] | undefined {
  return useQuery(languagesQuery).data;
}

/** Return a function from a language's name to its title; the name itself of a language that is not known yet. */
export function useLanguageTitles(): (name: string) => string {
  const languages = useLanguages();
  return (name) => languages?.find((language) => language.name === name)?.title ?? TITLES.get(name) ?? name;
}
