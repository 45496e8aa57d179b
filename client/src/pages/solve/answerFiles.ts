/** The other files of an answer, by name, and their drafts in this browser. */

import { type DraftOf, dropDraft, readDraft, writeDraft } from "./drafts";

export type Files = Record<string, string>;

/** As the service limits them. */
const MAX_FILES = 20;
const MAX_NAME_LENGTH = 100;

/** Return why a file cannot have this name, or null if it can. `taken` are the names of the others. */
export function nameError(name: string, taken: string[]): string | null {
  if (name === "") {
    return "Enter a name.";
  }
  if (taken.includes(name)) {
    return "Another file has this name.";
  }
  if (name.length > MAX_NAME_LENGTH) {
    return `A name has at most ${MAX_NAME_LENGTH} characters.`;
  }
  if (/[/\\\p{Cc}]/u.test(name) || name.startsWith(".")) {
    return "A name has no slash and does not begin with a dot.";
  }
  if (name.endsWith(".py") && !/^[A-Za-z_]\w*\.py$/.test(name)) {
    return "The name of a module has letters, digits and underscores only.";
  }
  return null;
}

export function canAddFile(files: Files): boolean {
  return Object.keys(files).length < MAX_FILES;
}

/** Return the files with one renamed, in the same order. */
export function renamed(files: Files, from: string, to: string): Files {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [name === from ? to : name, text]));
}

export function without(files: Files, name: string): Files {
  return Object.fromEntries(Object.entries(files).filter(([other]) => other !== name));
}

/** Return the language of a file for the editor: that of the answer, unless its name is one of data. */
export function languageOfFile(name: string, language: string): string {
  return /^[^.]+$|\.(?:txt|csv|tsv|json|xml|md|dat|in|out)$/i.test(name) ? "text" : language;
}

/** Whose files they are, and in which language. */
type FilesOf = DraftOf & { language: string };

const draftOf = (of: FilesOf): DraftOf => ({ ...of, language: `${of.language}:files` });

/** Return the draft of the files; none if there is none, or if it is not readable. */
export function readFiles(of: FilesOf): Files {
  try {
    const parsed: unknown = JSON.parse(readDraft(draftOf(of)) ?? "{}");
    const entries = Object.entries(parsed ?? {}).filter(([, text]) => typeof text === "string");
    return Object.fromEntries(entries) as Files;
  } catch {
    return {};
  }
}

/** Store the draft of the files. Return whether that was possible. */
export function writeFiles(of: FilesOf, files: Files): boolean {
  if (Object.keys(files).length === 0) {
    dropDraft(draftOf(of));
    return true;
  }
  return writeDraft(draftOf(of), JSON.stringify(files));
}
