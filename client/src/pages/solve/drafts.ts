/** Drafts: the code that a user is writing for an exercise, stored in this browser. */

function key(userId: number | null, exerciseId: number): string {
  return `draft:${userId ?? "nobody"}:${exerciseId}`;
}

/** Return the draft. A draft from before the log-in becomes the user's, if they have none. */
export function readDraft(userId: number | null, exerciseId: number): string | null {
  try {
    const own = localStorage.getItem(key(userId, exerciseId));
    if (own !== null || userId === null) {
      return own;
    }
    const earlier = localStorage.getItem(key(null, exerciseId));
    if (earlier !== null) {
      localStorage.setItem(key(userId, exerciseId), earlier);
      localStorage.removeItem(key(null, exerciseId));
    }
    return earlier;
  } catch {
    return null; // The browser forbids storage.
  }
}

/** Store the draft. Return whether that was possible. */
export function writeDraft(userId: number | null, exerciseId: number, code: string): boolean {
  try {
    localStorage.setItem(key(userId, exerciseId), code);
    return true;
  } catch {
    return false;
  }
}

export function dropDraft(userId: number | null, exerciseId: number): void {
  try {
    localStorage.removeItem(key(userId, exerciseId));
  } catch {
    // The browser forbids storage, so there is no draft.
  }
}
