import type { EvaluationData, SubmissionData } from "../../api/schema";
import styles from "./Warnings.module.css";

interface Props {
  result: EvaluationData | SubmissionData;
}

/** What the compiler reported about an answer that it accepted. */
export function Warnings({ result }: Props) {
  const { verdict, diagnostics } = result;
  if (!diagnostics?.length || verdict === "compile_error" || verdict === "syntax_error") {
    return null; // Of these, the first test case has all messages.
  }
  return (
    <section className={styles.warnings} aria-labelledby="warnings-heading">
      <h3 id="warnings-heading">Warnings of the compiler</h3>
      <ul>
        {diagnostics.map(({ file, line, column, message }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list does not change, and two may be the same
          <li key={index}>
            <code>{[file, line, column].filter((part) => part !== null).join(":")}</code> {message}
          </li>
        ))}
      </ul>
    </section>
  );
}
