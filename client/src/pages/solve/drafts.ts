/** Drafts: the code that a user is writing for an exercise, stored in this browser; and the language that they chose. */

/** Whose draft it is, and of what. `language` is null for the default language of the exercise. */
export interface DraftOf {
  userId: number | null;
  exerciseId: number;
  language: string | null;
}

function draftKey({ userId, exerciseId, language }: DraftOf): string {
  return `draft:${userId ?? "nobody"}:${exerciseId}${language === null ? "" : `:${language}`}`;
}

function choiceKey(userId: number | null, exerciseId: number): string {
  return `language:${userId ?? "nobody"}:${exerciseId}`;
}

/** Return the draft. A draft from before the log-in becomes the user's, if they have none. */
export function readDraft(of: DraftOf): string | null {
  return readOwn(draftKey(of), of.userId === null ? null : draftKey({ ...of, userId: null }));
}

/** Store the draft. Return whether that was possible. */
export function writeDraft(of: DraftOf, code: string): boolean {
  return write(draftKey(of), code);
}

export function dropDraft(of: DraftOf): void {
  try {
    localStorage.removeItem(draftKey(of));
  } catch {
    // The browser forbids storage, so there is no draft.
  }
}

/** Return the language that was chosen last. A choice from before the log-in becomes the user's, as a draft does. */
export function readLanguage(userId: number | null, exerciseId: number): string | null {
  return readOwn(choiceKey(userId, exerciseId), userId === null ? null : choiceKey(null, exerciseId));
}

export function writeLanguage(userId: number | null, exerciseId: number, language: string): boolean {
  return write(choiceKey(userId, exerciseId), language);
}

function write(key: string, text: string): boolean {
  try {
    localStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

/** Return what is stored under a key. If there is nothing, what is stored under the other key is moved there. */
function readOwn(key: string, earlierKey: string | null): string | null {
  try {
    const own = localStorage.getItem(key);
    if (own !== null || earlierKey === null) {
      return own;
    }
    const earlier = localStorage.getItem(earlierKey);
    if (earlier !== null) {
      localStorage.setItem(key, earlier);
      localStorage.removeItem(earlierKey);
    }
    return earlier;
  } catch {
    return null; // The browser forbids storage.
  }
}
