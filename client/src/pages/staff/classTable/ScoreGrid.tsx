// biome-ignore-all lint/a11y/useSemanticElements: a table's own elements cannot be left out where nobody looks, and lose their meaning when they are placed freely

import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type MouseEvent, useEffect, useId, useRef, useState } from "react";
import type { ColumnData, RowData } from "../../../api/schema";
import { columnName } from "./cellText";
import { type CellPosition, cellAfterKey } from "./keyboardNavigation";
import styles from "./ScoreGrid.module.css";
import { ScoreGridRow } from "./ScoreGridRow";

// In pixels, since what is left out must be reckoned with before it is there.
const ROW = 40;
const COLUMN = 96;
const HEAD = 56;
const FIRST = 144;
const BORDERS = 2 + 16; // and a bar to scroll with
const NEAR_END = 50; // rows

interface Props {
  exercises: ColumnData[];
  learners: RowData[];
  /** Whether all learners are here; else `onNearEnd` gets more of them. */
  complete: boolean;
  onNearEnd: () => void;
  onOpen: (learner: number, exercise: number) => void;
}

/**
 * Learners by exercises, of which only those exist that are in view. The focus stays on the grid, and the active cell is
 * told by `aria-activedescendant`: a cell that scrolls out of view cannot take the focus with it. Row 0 has the
 * exercises' names, column 0 the learners'.
 */
export function ScoreGrid({ exercises, learners, complete, onNearEnd, onOpen }: Props) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<CellPosition>({ row: 1, column: 1 });
  const rows = useVirtualizer({
    count: learners.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
    paddingStart: HEAD,
    scrollPaddingStart: HEAD,
  });
  const columns = useVirtualizer({
    horizontal: true,
    count: exercises.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => COLUMN,
    overscan: 3,
    paddingStart: FIRST,
    scrollPaddingStart: FIRST,
  });
  const shownRows = rows.getVirtualItems();
  const shownColumns = columns.getVirtualItems();
  const lastShown = shownRows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (!complete && lastShown > learners.length - NEAR_END) {
      onNearEnd();
    }
  }, [complete, lastShown, learners.length, onNearEnd]);

  const show = ({ row, column }: CellPosition) => {
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
    const page = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - HEAD) / ROW) - 1);
    const extent = { rows: learners.length + 1, columns: exercises.length + 1, page };
    const next = cellAfterKey(active, event.key, event.ctrlKey || event.metaKey, extent);
    if (next) {
      event.preventDefault();
      show(next);
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      openActive();
    }
  };
  const onClick = (event: MouseEvent) => {
    const cell = (event.target as Element).closest<HTMLElement>("[data-row]");
    if (cell) {
      const place = { row: Number(cell.dataset.row), column: Number(cell.dataset.column) };
      setActive(place);
      onOpen(place.row - 1, place.column - 1);
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
      style={{ maxHeight: rows.getTotalSize() + BORDERS }}
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
          style={{ height: HEAD, width }}
        >
          <div
            role="columnheader"
            tabIndex={-1}
            id={cellId(0, 0)}
            aria-colindex={1}
            className={cellClass(styles.first, 0, 0)}
            style={{ width: FIRST, height: HEAD }}
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
                  style={{ left: start, width: size, height: HEAD }}
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
                height={ROW}
                width={width}
                firstWidth={FIRST}
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
