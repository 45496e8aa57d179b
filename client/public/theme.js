// Runs before the first paint. Applies the theme that the user chose, or else the system's, also when that changes.
// `src/app/theme.ts` stores the choice.
(() => {
  const darkPreference = window.matchMedia("(prefers-color-scheme: dark)");

  function chosenTheme() {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // The browser forbids storage.
    }
  }

  function applyTheme() {
    const chosen = chosenTheme();
    const isKnown = chosen === "light" || chosen === "dark";
    document.documentElement.dataset.theme = isKnown ? chosen : darkPreference.matches ? "dark" : "light";
  }

  applyTheme();
  darkPreference.addEventListener("change", applyTheme);
})();
