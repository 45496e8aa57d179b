/** Move the focus to the heading of the page, for when the focused element was removed. */
export function focusHeading(): void {
  document.querySelector<HTMLElement>("main h1")?.focus();
}
