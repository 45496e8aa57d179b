import type { ExerciseData } from "../../api/schema";
import { plural } from "../../components/format";
import { ScrollableTable } from "../../components/ScrollableTable";

type Case = ExerciseData["cases"][number];
type Cell = string | number | null | { $blob?: string; $float?: string };

interface Expected {
  columns?: string[];
  rows: Cell[][];
}

const MAX_ROWS = 100;

/** The expected result of a test case in SQL. */
export function ResultTable({ testCase }: { testCase: Case }) {
  const { columns, rows } = testCase.expected as Expected;
  const left = rows.length - MAX_ROWS;
  return (
    <>
      <ScrollableTable label="Expected result" limitHeight>
        <table>
          {columns && (
            <thead>
              <tr>
                {columns.map((name, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns keep their order, and may share a name
                  <th key={index} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
          )}
          <tbody>
            {rows.slice(0, MAX_ROWS).map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows keep their order
              <tr key={index}>
                {row.map((cell, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: cells keep their order
                  <td key={column}>{cellText(cell)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollableTable>
      {rows.length === 0 && <p className="quiet">It has no rows.</p>}
      {left > 0 && <p className="quiet">Plus {plural(left, "more row")}.</p>}
      {testCase.ordered === false && rows.length > 1 && <p className="quiet">The order does not matter.</p>}
    </>
  );
}

function cellText(cell: Cell): string {
  if (cell === null) {
    return "NULL";
  }
  if (typeof cell === "object") {
    return cell.$float ?? `X'${cell.$blob}'`;
  }
  return String(cell);
}
