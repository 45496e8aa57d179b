import styles from "./SaveNotice.module.css";
/** What the service said to a write, and what it wants looked at again. */
export interface SaveResult {
  message: string;
  warnings: string[];
}

export function SaveNotice({ answer }: { answer: SaveResult | null }) {
  return (
    <div role="status">
      {answer && (
        <div className="notice good">
          <p>{answer.message}</p>
          <Warnings warnings={answer.warnings} />
        </div>
      )}
    </div>
  );
}

export function Warnings({ warnings }: { warnings: string[] }) {
  if (warnings.length === 0) {
    return null;
  }
  return (
    <div className={styles.warnings}>
      <p>
        <strong>Look at this again:</strong>
      </p>
      <ul>
        {warnings.map((warning) => (
          <li key={warning}>{warning}</li>
        ))}
      </ul>
    </div>
  );
}
