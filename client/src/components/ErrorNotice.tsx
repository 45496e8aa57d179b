import { ApiError } from "../api/errors";
import styles from "./ErrorNotice.module.css";
import { plural } from "./format";

interface Props {
  error: Error;
  onRetry?: () => void;
  /** Whether to show the errors of fields too, for a request that has no form. */
  withFields?: boolean;
}

/** The message of an error, with the request id by which operators find it in the log. */
export function ErrorNotice({ error, onRetry, withFields }: Props) {
  const apiError = error instanceof ApiError ? error : null;
  return (
    <div className="notice" role="alert">
      <p>
        {error.message}
        {withFields && apiError && ` ${Object.values(apiError.fields).flat().join(" ")}`}
      </p>
      {apiError?.retryAfter != null && <p>Try again in {plural(apiError.retryAfter, "second")}.</p>}
      {apiError?.requestId && (
        <p className={styles.requestId}>
          Request ID <code>{apiError.requestId}</code>
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
