import type { BulkSummary } from "../../../api/schema";
import { plural } from "../../../components/format";

const COUNTS = [
  ["lines", "Lines"],
  ["inserted", "Inserted"],
  ["updated", "Updated"],
  ["unchanged", "Unchanged"],
  ["duplicates", "Replaced by a later line"],
  ["failed", "Bad"],
] as const;

/** What became of the lines of a load. */
export function ImportSummary({ summary }: { summary: BulkSummary }) {
  return (
    <>
      <dl className="load-counts">
        {COUNTS.map(([name, label]) => (
          <div key={name}>
            <dt>{label}</dt>
            <dd>{summary[name].toLocaleString()}</dd>
          </div>
        ))}
      </dl>
      {summary.written_through > 0 && summary.failed > 0 && (
        <p className="quiet">
          All good lines up to line {summary.written_through.toLocaleString()} are written.
        </p>
      )}
      {summary.unknown_through !== null && (
        <p>
          Up to line {summary.unknown_through.toLocaleString()} all are written, or none of the last ones.
          Load the file again.
        </p>
      )}
      {summary.errors.length > 0 && <BadLines summary={summary} />}
    </>
  );
}

function BadLines({ summary: { errors, failed } }: { summary: BulkSummary }) {
  return (
    <section className="stack tight" aria-labelledby="bad-lines">
      <h3 id="bad-lines">
        {errors.length < failed
          ? `The first ${plural(errors.length, "error")}`
          : plural(errors.length, "error")}
      </h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long list is scrolled with the keyboard too */}
      <section className="table-wrap bad-lines" aria-labelledby="bad-lines" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col" className="number">
                Line
              </th>
              <th scope="col">Field</th>
              <th scope="col">What is wrong</th>
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
      </section>
    </section>
  );
}
