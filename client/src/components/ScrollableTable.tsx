import type { ReactNode } from "react";
import styles from "./ScrollableTable.module.css";

interface Props {
  label: string;
  /** Whether a long table scrolls in a frame of limited height. */
  limitHeight?: boolean;
  children: ReactNode;
}

/** A frame in which a wide table scrolls sideways. It takes the focus, so that the keyboard can scroll it too. */
export function ScrollableTable({ label, limitHeight, children }: Props) {
  const className = limitHeight ? `${styles.frame} ${styles.limited}` : styles.frame;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className={className} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
