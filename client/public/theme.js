// Before the first paint: the theme that was chosen, else the one that the system prefers, also when that changes.
// `src/app/theme.ts` writes the choice.
(() => {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // Storage is switched off.
    }
  }

  function show() {
    const theme = chosen();
    const known = theme === "light" || theme === "dark";
    document.documentElement.dataset.theme = known ? theme : dark.matches ? "dark" : "light";
  }

  show();
  dark.addEventListener("change", show);
})();
