/**
 * The session: the token of the user who is logged in. It is kept in localStorage, so that it outlives a reload and all
 * tabs share it. README.md says why it is not in a cookie.
 */

import { useSyncExternalStore } from "react";

const STORAGE_KEY = "token";

/** Why a session ended, unless the user logged out. */
export type EndReason = "expired" | null;

let endReason: EndReason = null;
const listeners = new Set<() => void>();

export function readToken(): string | null {
  return storage.read();
}

export function useToken(): string | null {
  return useSyncExternalStore(subscribe, readToken);
}

export function useEndReason(): EndReason {
  return useSyncExternalStore(subscribe, () => endReason);
}

export function beginSession(token: string): void {
  endReason = null;
  storage.write(token);
  notifyListeners();
}

/** Forget the token. Drafts are kept: they are stored by user, and other users do not see them. */
export function endSession(reason: EndReason = null): void {
  if (readToken() === null) {
    return;
  }
  endReason = reason;
  storage.write(null);
  notifyListeners();
}

function notifyListeners(): void {
  for (const listener of listeners) {
    listener();
  }
}

function subscribe(listener: () => void): () => void {
  // Another tab may log in or out; its `key` is null when it clears the whole storage.
  const onStorage = (event: StorageEvent) => (event.key === STORAGE_KEY || event.key === null) && listener();
  listeners.add(listener);
  window.addEventListener("storage", onStorage);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", onStorage);
  };
}

/** localStorage, or memory if the browser forbids that: the session then lasts as long as the page. */
const storage = {
  inMemory: null as string | null,
  read(): string | null {
    try {
      return localStorage.getItem(STORAGE_KEY);
    } catch {
      return this.inMemory;
    }
  },
  write(token: string | null): void {
    this.inMemory = token;
    try {
      if (token === null) {
        localStorage.removeItem(STORAGE_KEY);
      } else {
        localStorage.setItem(STORAGE_KEY, token);
      }
    } catch {
      // It is kept in memory.
    }
  },
};
