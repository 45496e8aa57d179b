import type { BulkSummary } from "../../../api/schema";
import { plural } from "../../../components/format";
import { ScrollableTable } from "../../../components/ScrollableTable";
import styles from "./ImportSummary.module.css";

const COUNTS = [
  ["lines", "Lines"],
  ["inserted", "New"],
  ["updated", "Updated"],
  ["unchanged", "Unchanged"],
  ["duplicates", "Replaced by a later line"],
  ["failed", "Invalid"],
] as const;

/** How many lines of an import were written, and the errors of the others. */
export function ImportSummary({ summary }: { summary: BulkSummary }) {
  return (
    <>
      <dl className={styles.counts}>
        {COUNTS.map(([name, label]) => (
          <div key={name}>
            <dt>{label}</dt>
            <dd>{summary[name].toLocaleString()}</dd>
          </div>
        ))}
      </dl>
      {summary.written_through > 0 && summary.failed > 0 && (
        <p className="quiet">
          All valid lines up to line {summary.written_through.toLocaleString()} were imported.
        </p>
      )}
      {summary.unknown_through !== null && (
        <p>
          It is not known whether the last lines up to line {summary.unknown_through.toLocaleString()} were
          imported. Import the file again.
        </p>
      )}
      {summary.errors.length > 0 && <LineErrors summary={summary} />}
    </>
  );
}

function LineErrors({ summary: { errors, failed } }: { summary: BulkSummary }) {
  const count = plural(errors.length, "error");
  const heading = errors.length < failed ? `The first ${count}` : count;
  return (
    <section className="stack tight" aria-labelledby="line-errors">
      <h3 id="line-errors">{heading}</h3>
      <ScrollableTable label={heading} limitHeight>
        <table>
          <thead>
            <tr>
              <th scope="col" className="number">
                Line
              </th>
              <th scope="col">Field</th>
              <th scope="col">Problem</th>
            </tr>
          </thead>
          <tbody>
            {errors.map(({ line, field, reason }) => (
              <tr key={`${line} ${field} ${reason}`}>
                <td className="number">{line.toLocaleString()}</td>
                <td>{field}</td>
                <td>{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollableTable>
    </section>
  );
}
