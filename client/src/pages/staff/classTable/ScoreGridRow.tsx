// biome-ignore-all lint/a11y/useSemanticElements: see ScoreGrid.tsx

import type { VirtualItem } from "@tanstack/react-virtual";
import { memo } from "react";
import type { ColumnData, RowData } from "../../../api/schema";
import { learnerName } from "../../../components/learnerName";
import { cellLabel, cellText } from "./cellText";
import styles from "./ScoreGrid.module.css";

interface Props {
  learner: RowData;
  exercises: ColumnData[];
  columns: VirtualItem[];
  row: number;
  top: number;
  height: number;
  width: number;
  firstWidth: number;
  /** The active column, if the active cell is in this row. */
  active: number | null;
  gridId: string;
}

/** The row of one learner. It is memoised, since scrolling changes which rows are shown, but not the rows. */
export const ScoreGridRow = memo(function ScoreGridRow(props: Props) {
  const { learner, exercises, columns, row, top, height, width, firstWidth, active, gridId } = props;
  const name = learnerName(learner.user_id, learner.username);
  return (
    <div
      role="row"
      tabIndex={-1}
      aria-rowindex={row + 1}
      className={styles.row}
      style={{ top, height, width }}
    >
      <div
        role="rowheader"
        tabIndex={-1}
        id={`${gridId}-${row}-0`}
        aria-colindex={1}
        className={active === 0 ? `${styles.first} ${styles.active}` : styles.first}
        style={{ width: firstWidth, height }}
        title={name}
      >
        <span>{name}</span>
      </div>
      {columns.map(({ index, start, size }) => {
        const cell = learner.scores[index] ?? null;
        const result = cell && (cell[0] ? styles.solved : styles.failed);
        return (
          <div
            key={index}
            role="gridcell"
            tabIndex={-1}
            id={`${gridId}-${row}-${index + 1}`}
            data-row={row}
            data-column={index + 1}
            aria-colindex={index + 2}
            aria-label={cellLabel(cell, exercises[index]?.max_points ?? null)}
            className={[styles.cell, result, active === index + 1 && styles.active].filter(Boolean).join(" ")}
            style={{ left: start, width: size, height }}
          >
            {cell && cellText(cell)}
          </div>
        );
      })}
    </div>
  );
});
