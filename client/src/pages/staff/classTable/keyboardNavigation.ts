/** The keys that move the active cell of a grid, as in the ARIA grid pattern. */

export interface CellPosition {
  row: number;
  column: number;
}

interface GridSize {
  rows: number;
  columns: number;
  /** How many rows Page Up and Page Down move by. */
  pageRows: number;
}

/** Return the cell that a key moves to, or undefined if the key does not move. */
export function cellAfterKey(
  { row, column }: CellPosition,
  key: string,
  withControl: boolean,
  { rows, columns, pageRows }: GridSize,
): CellPosition | undefined {
  const last = { row: rows - 1, column: columns - 1 };
  const targets: Record<string, CellPosition> = {
    ArrowUp: { row: row - 1, column },
    ArrowDown: { row: row + 1, column },
    ArrowLeft: { row, column: column - 1 },
    ArrowRight: { row, column: column + 1 },
    PageUp: { row: row - pageRows, column },
    PageDown: { row: row + pageRows, column },
    Home: { row: withControl ? 0 : row, column: 0 },
    End: { row: withControl ? last.row : row, column: last.column },
  };
  const target = targets[key];
  return (
    target && {
      row: Math.max(0, Math.min(target.row, last.row)),
      column: Math.max(0, Math.min(target.column, last.column)),
    }
  );
}
