/** What a cell of the class table shows and says. */

import type { ColumnData, RowData } from "../../../api/schema";
import { plural } from "../../../components/format";

export type Cell = NonNullable<RowData["scores"][number]>;

export function columnName({ id, title, slug }: ColumnData): string {
  return title ?? slug ?? `Exercise ${id}`;
}

/** Return the few characters that fit into a cell. */
export function cellText([correct, points]: Cell): string {
  return `${correct ? "✓" : "✗"}${points === null ? "" : ` ${points}`}`;
}

/** Return the same as a sentence. */
export function cellWords(cell: Cell | null, maxPoints: number | null): string {
  if (cell === null) {
    return "not tried";
  }
  const [correct, points, attempts] = cell;
  const told = [correct ? "solved" : "not solved"];
  if (points !== null) {
    told.push(maxPoints === null ? plural(points, "point") : `${points} of ${plural(maxPoints, "point")}`);
  }
  if (attempts > 0) {
    told.push(plural(attempts, "attempt"));
  }
  return told.join(", ");
}
