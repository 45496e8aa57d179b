/** The light or dark theme: the system's until the user chooses one. `public/theme.js` applies it before the first paint. */

import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark";

const darkPreference = window.matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, currentTheme);
}

export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  for (const listener of listeners) {
    listener();
  }
}

function currentTheme(): Theme {
  return document.documentElement.dataset.theme === "dark" ? "dark" : "light";
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  darkPreference.addEventListener("change", listener);
  return () => {
    listeners.delete(listener);
    darkPreference.removeEventListener("change", listener);
  };
}
