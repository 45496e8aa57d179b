/** Where the keys lead in a grid. */

export interface CellPosition {
  row: number;
  column: number;
}

interface Extent {
  rows: number;
  columns: number;
  /** How many rows Page Up and Page Down move by. */
  page: number;
}

/** Return where a key leads from a place, as the keys of grids are everywhere; undefined for any other key. */
export function cellAfterKey(
  { row, column }: CellPosition,
  key: string,
  withControl: boolean,
  { rows, columns, page }: Extent,
): CellPosition | undefined {
  const last = { row: rows - 1, column: columns - 1 };
  const places: Record<string, CellPosition> = {
    ArrowUp: { row: row - 1, column },
    ArrowDown: { row: row + 1, column },
    ArrowLeft: { row, column: column - 1 },
    ArrowRight: { row, column: column + 1 },
    PageUp: { row: row - page, column },
    PageDown: { row: row + page, column },
    Home: { row: withControl ? 0 : row, column: 0 },
    End: { row: withControl ? last.row : row, column: last.column },
  };
  const wanted = places[key];
  return (
    wanted && {
      row: Math.max(0, Math.min(wanted.row, last.row)),
      column: Math.max(0, Math.min(wanted.column, last.column)),
    }
  );
}
