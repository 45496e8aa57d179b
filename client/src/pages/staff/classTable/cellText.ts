/** The texts of a cell of the class table. */

import type { ColumnData, RowData } from "../../../api/schema";
import { plural } from "../../../components/format";

export type Cell = NonNullable<RowData["scores"][number]>;

export function columnName({ id, title, slug }: ColumnData): string {
  return title ?? slug ?? `Exercise ${id}`;
}

/** Return the short text that a cell shows. */
export function cellText([correct, points]: Cell): string {
  return `${correct ? "✓" : "✗"}${points === null ? "" : ` ${points}`}`;
}

/** Return the text that screen readers read for a cell. */
export function cellLabel(cell: Cell | null, maxPoints: number | null): string {
  if (cell === null) {
    return "not attempted";
  }
  const [correct, points, attempts] = cell;
  const parts = [correct ? "solved" : "not solved"];
  if (points !== null) {
    parts.push(maxPoints === null ? plural(points, "point") : `${points} of ${plural(maxPoints, "point")}`);
  }
  if (attempts > 0) {
    parts.push(plural(attempts, "attempt"));
  }
  return parts.join(", ");
}
