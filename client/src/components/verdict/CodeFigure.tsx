import type { ReactNode } from "react";
import styles from "./CodeFigure.module.css";

interface Props {
  caption: ReactNode;
  children: ReactNode;
}

/** Preformatted text with a caption. */
export function CodeFigure({ caption, children }: Props) {
  return (
    <figure className={styles.figure}>
      <figcaption>{caption}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll long lines */}
      <pre tabIndex={0}>{children}</pre>
    </figure>
  );
}
