import styles from "./Skeleton.module.css";

interface Props {
  lines: number;
}

/** A placeholder for content that is loading. */
export function Skeleton({ lines }: Props) {
  return (
    <div className={styles.skeleton} role="status">
      <span className="visually-hidden">Loading …</span>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all the same
        <div key={line} aria-hidden="true" />
      ))}
    </div>
  );
}
