import { ApiError } from "../api/errors";
import styles from "./ErrorNotice.module.css";

interface Props {
  error: Error;
  onRetry?: () => void;
  /** Also what is wrong with each field, where no form shows it. */
  withFields?: boolean;
}

/** What went wrong, as a sentence, with the id under which the service logged it. */
export function ErrorNotice({ error, onRetry, withFields }: Props) {
  const refusal = error instanceof ApiError ? error : null;
  return (
    <div className="notice" role="alert">
      <p>
        {error.message}
        {withFields && refusal && ` ${Object.values(refusal.fields).flat().join(" ")}`}
      </p>
      {refusal?.retryAfter != null && <p>Try again in {seconds(refusal.retryAfter)}.</p>}
      {refusal?.requestId && (
        <p className={styles.requestId}>
          Request <code>{refusal.requestId}</code>
        </p>
      )}
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

function seconds(count: number): string {
  return count === 1 ? "1 second" : `${count} seconds`;
}
