/** What somebody is writing, by user and exercise, kept in this browser until it is written over. */

const NOBODY = "nobody";

function key(userId: number | null, exerciseId: number): string {
  return `draft:${userId ?? NOBODY}:${exerciseId}`;
}

/** Return the draft. What was written before logging in becomes the user's, if they have none. */
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
    return null; // Storage is switched off.
  }
}

/** Keep the draft. Return false where it cannot be kept. */
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
    // Then there is none.
  }
}
