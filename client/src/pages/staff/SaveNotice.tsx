import styles from "./SaveNotice.module.css";

/** What the API responds to a write: its message, and warnings about what it accepted. */
export interface SaveResult {
  message: string;
  warnings: string[];
}

export function SaveNotice({ result }: { result: SaveResult | null }) {
  return (
    <div role="status">
      {result && (
        <div className="notice good">
          <p>{result.message}</p>
          <Warnings warnings={result.warnings} />
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
        <strong>Please check:</strong>
      </p>
      <ul>
        {warnings.map((warning) => (
          <li key={warning}>{warning}</li>
        ))}
      </ul>
    </div>
  );
}
