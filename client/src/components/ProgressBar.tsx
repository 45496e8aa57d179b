import { type ReactNode, useId } from "react";
import styles from "./ProgressBar.module.css";

interface Props {
  label: string;
  done: number;
  /** Null or 0 where nobody knows how much there is. */
  total: number | null;
  children: ReactNode;
}

/** How far something is, as a bar and in words. */
export function ProgressBar({ label, done, total, children }: Props) {
  const id = useId();
  return (
    <div className={styles.progress}>
      <label htmlFor={id}>{label}</label>
      <progress id={id} {...(total ? { value: Math.min(done, total), max: total } : {})} />
      <p className="quiet">{children}</p>
    </div>
  );
}
