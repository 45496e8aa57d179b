import styles from "./Figures.module.css";

interface Props {
  figures: readonly (readonly [name: string, value: string])[];
  large?: boolean;
}

/** A few figures beside each other, each with its name. */
export function Figures({ figures, large }: Props) {
  return (
    <dl className={large ? `${styles.figures} ${styles.large}` : styles.figures}>
      {figures.map(([name, value]) => (
        <div key={name} className="card">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
