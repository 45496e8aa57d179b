import { CaseResult, type CaseResultData } from "./CaseResult";
import styles from "./CaseResultList.module.css";

interface Props {
  label: string;
  results: CaseResultData[];
  openFirstFailure?: boolean;
}

/** The results of the test cases of a submission. */
export function CaseResultList({ label, results, openFirstFailure }: Props) {
  const firstFailure = results.findIndex(({ verdict }) => verdict !== "accepted");
  return (
    <ul className={styles.cases} aria-label={label}>
      {results.map((result, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: results keep their order, and two may have the same name
        <CaseResult key={index} result={result} open={openFirstFailure === true && index === firstFailure} />
      ))}
    </ul>
  );
}
