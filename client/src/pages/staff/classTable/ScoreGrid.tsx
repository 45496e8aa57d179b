// biome-ignore-all lint/a11y/useSemanticElements: the elements of a table cannot be rendered in part, and lose their roles when they are positioned

import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type MouseEvent, useEffect, useId, useRef, useState } from "react";
import type { ColumnData, RowData } from "../../../api/schema";
import { columnName } from "./cellText";
import { type CellPosition, cellAfterKey } from "./keyboardNavigation";
import styles from "./ScoreGrid.module.css";
import { ScoreGridRow } from "./ScoreGridRow";

// Sizes in pixels, since the virtualizer must know them before a cell is rendered.
const ROW_HEIGHT = 40;
const COLUMN_WIDTH = 96;
const HEAD_HEIGHT = 56;
const FIRST_COLUMN_WIDTH = 144;
const BORDER_AND_SCROLLBAR = 2 + 16;
/** When so few rows are left below the view, more are loaded. */
const ROWS_BEFORE_END = 50;

interface Props {
  exercises: ColumnData[];
  learners: RowData[];
  /** Whether all learners are loaded; otherwise `onNearEnd` loads more. */
  complete: boolean;
  onNearEnd: () => void;
  onOpen: (learner: number, exercise: number) => void;
}

/**
 * The grid of learners and exercises. Only the cells in view are rendered. The focus stays on the grid, which names the
 * active cell in `aria-activedescendant`: a focused cell would lose the focus when it scrolls out of view. Row 0 has the
 * names of the exercises, column 0 those of the learners.
 */
export function ScoreGrid({ exercises, learners, complete, onNearEnd, onOpen }: Props) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<CellPosition>({ row: 1, column: 1 });
  const rows = useVirtualizer({
    count: learners.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    paddingStart: HEAD_HEIGHT,
    scrollPaddingStart: HEAD_HEIGHT,
  });
  const columns = useVirtualizer({
    horizontal: true,
    count: exercises.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => COLUMN_WIDTH,
    overscan: 3,
    paddingStart: FIRST_COLUMN_WIDTH,
    scrollPaddingStart: FIRST_COLUMN_WIDTH,
  });
  const shownRows = rows.getVirtualItems();
  const shownColumns = columns.getVirtualItems();
  const lastShown = shownRows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (!complete && lastShown > learners.length - ROWS_BEFORE_END) {
      onNearEnd();
    }
  }, [complete, lastShown, learners.length, onNearEnd]);

  const moveTo = ({ row, column }: CellPosition) => {
    setActive({ row, column });
    if (row > 0) {
      rows.scrollToIndex(row - 1);
    }
    if (column > 0) {
      columns.scrollToIndex(column - 1);
    }
  };
  const openActive = () => active.row > 0 && active.column > 0 && onOpen(active.row - 1, active.column - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    const pageRows = Math.max(
      1,
      Math.floor(((scroller.current?.clientHeight ?? 0) - HEAD_HEIGHT) / ROW_HEIGHT) - 1,
    );
    const size = { rows: learners.length + 1, columns: exercises.length + 1, pageRows };
    const next = cellAfterKey(active, event.key, event.ctrlKey || event.metaKey, size);
    if (next) {
      event.preventDefault();
      moveTo(next);
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      openActive();
    }
  };
  const onClick = (event: MouseEvent) => {
    const cell = (event.target as Element).closest<HTMLElement>("[data-row]");
    if (cell) {
      const position = { row: Number(cell.dataset.row), column: Number(cell.dataset.column) };
      setActive(position);
      onOpen(position.row - 1, position.column - 1);
    }
  };

  const isShown =
    (active.row === 0 || shownRows.some(({ index }) => index === active.row - 1)) &&
    (active.column === 0 || shownColumns.some(({ index }) => index === active.column - 1));
  const width = columns.getTotalSize();
  const cellId = (row: number, column: number) => `${id}-${row}-${column}`;
  const cellClass = (name: string | undefined, row: number, column: number) =>
    row === active.row && column === active.column ? `${name} ${styles.active}` : name;
  return (
    <div
      ref={scroller}
      className={styles.grid}
      style={{ maxHeight: rows.getTotalSize() + BORDER_AND_SCROLLBAR }}
      role="grid"
      tabIndex={0}
      aria-label="Scores of the learners by exercise"
      aria-readonly="true"
      aria-rowcount={complete ? learners.length + 1 : -1}
      aria-colcount={exercises.length + 1}
      aria-activedescendant={isShown ? cellId(active.row, active.column) : undefined}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      <div role="presentation" className={styles.plane} style={{ height: rows.getTotalSize(), width }}>
        <div
          role="row"
          tabIndex={-1}
          aria-rowindex={1}
          className={styles.head}
          style={{ height: HEAD_HEIGHT, width }}
        >
          <div
            role="columnheader"
            tabIndex={-1}
            id={cellId(0, 0)}
            aria-colindex={1}
            className={cellClass(styles.first, 0, 0)}
            style={{ width: FIRST_COLUMN_WIDTH, height: HEAD_HEIGHT }}
          >
            Learner
          </div>
          {shownColumns.map(({ index, start, size }) => {
            const exercise = exercises[index];
            return (
              exercise && (
                <div
                  key={exercise.id}
                  role="columnheader"
                  tabIndex={-1}
                  id={cellId(0, index + 1)}
                  aria-colindex={index + 2}
                  className={cellClass(styles.name, 0, index + 1)}
                  style={{ left: start, width: size, height: HEAD_HEIGHT }}
                  title={columnName(exercise)}
                >
                  <span>{columnName(exercise)}</span>
                </div>
              )
            );
          })}
        </div>
        {shownRows.map(({ index, start }) => {
          const learner = learners[index];
          return (
            learner && (
              <ScoreGridRow
                key={learner.user_id}
                learner={learner}
                exercises={exercises}
                columns={shownColumns}
                row={index + 1}
                top={start}
                height={ROW_HEIGHT}
                width={width}
                firstWidth={FIRST_COLUMN_WIDTH}
                active={active.row === index + 1 ? active.column : null}
                gridId={id}
              />
            )
          );
        })}
      </div>
    </div>
  );
}
