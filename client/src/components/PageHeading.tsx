import { type ReactNode, useEffect } from "react";
import styles from "./PageHeading.module.css";

interface Props {
  title: string;
  children?: ReactNode;
}

/** The heading of a page and the title of its tab. `Shell` moves the focus to it when the page changes. */
export function PageHeading({ title, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Exercises`;
  }, [title]);
  return (
    <div className={styles.heading}>
      <h1 tabIndex={-1}>{title}</h1>
      {children}
    </div>
  );
}
