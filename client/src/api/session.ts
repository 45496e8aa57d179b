/**
 * The token of who is logged in, in localStorage: it outlives a reload, and all tabs share it.
 * README.md says why not in a cookie, and what keeps scripts of others away from it.
 */

import { useSyncExternalStore } from "react";

const KEY = "token";

/** Why there is no session, where it was not the person's own log-out. */
export type EndReason = "expired" | null;

let ending: EndReason = null;
const listeners = new Set<() => void>();

export function readToken(): string | null {
  return stored.read();
}

export function beginSession(token: string): void {
  ending = null;
  stored.write(token);
  notifyListeners();
}

/** Forget the token. Drafts stay: they are kept by user, and nobody else sees them here. */
export function endSession(reason: EndReason = null): void {
  if (readToken() === null) {
    return;
  }
  ending = reason;
  stored.write(null);
  notifyListeners();
}

export function useToken(): string | null {
  return useSyncExternalStore(subscribe, readToken);
}

export function useEndReason(): EndReason {
  return useSyncExternalStore(subscribe, () => ending);
}

function notifyListeners(): void {
  for (const listener of listeners) {
    listener();
  }
}

function subscribe(listener: () => void): () => void {
  // Other tabs log in and out too.
  const onStorage = (event: StorageEvent) => (event.key === KEY || event.key === null) && listener();
  listeners.add(listener);
  window.addEventListener("storage", onStorage);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", onStorage);
  };
}

/** Where storage is switched off, the session lasts as long as the page. */
const stored = {
  inMemory: null as string | null,
  read(): string | null {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return this.inMemory;
    }
  },
  write(token: string | null): void {
    this.inMemory = token;
    try {
      if (token === null) {
        localStorage.removeItem(KEY);
      } else {
        localStorage.setItem(KEY, token);
      }
    } catch {
      // Kept in memory.
    }
  },
};
