import styles from "./VerdictIcon.module.css";
import type { Tone } from "./verdicts";

const CLASSES = { good: styles.good, bad: styles.bad, warn: styles.warn };
const PATHS: Record<Tone, string> = {
  good: "M5 12.5l4.5 4.5L19 7.5",
  bad: "M7 7l10 10M17 7L7 17",
  warn: "M12 6v7M12 17v.5",
};

interface Props {
  tone: Tone;
  large?: boolean;
}

/** An icon whose shape differs with the tone, not only its colour. The text beside it says the same in words. */
export function VerdictIcon({ tone, large }: Props) {
  const size = large ? styles.large : "";
  return (
    <svg className={`${styles.icon} ${CLASSES[tone]} ${size}`} viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="12" r="12" />
      <path d={PATHS[tone]} />
    </svg>
  );
}
