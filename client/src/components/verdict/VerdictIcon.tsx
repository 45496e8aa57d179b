import type { Tone } from "./verdicts";

const PATHS: Record<Tone, string> = {
  good: "M5 12.5l4.5 4.5L19 7.5",
  bad: "M7 7l10 10M17 7L7 17",
  warn: "M12 6v7M12 17v.5",
};

/** A mark that differs in shape as well as in colour. The words beside it say the same. */
export function VerdictIcon({ mark }: { mark: Tone }) {
  return (
    <svg className={`mark ${mark}`} viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="12" r="12" />
      <path d={PATHS[mark]} />
    </svg>
  );
}
