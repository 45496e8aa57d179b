import { type ReactNode, useId } from "react";
import styles from "./ProgressBar.module.css";

interface Props {
  label: string;
  done: number;
  /** Null or 0 if it is unknown. */
  total: number | null;
  children: ReactNode;
}

/** A progress bar with the progress in words. */
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
