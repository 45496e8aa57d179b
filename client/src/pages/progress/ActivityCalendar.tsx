import type { DayData } from "../../api/schema";
import { formatDay, plural } from "../../components/format";
import styles from "./ActivityCalendar.module.css";
import { type CalendarDay, calendarWeeks } from "./activity";

interface Props {
  days: DayData[];
  today: string;
  weeks: number;
}

const LEVELS = [styles.level0, styles.level1, styles.level2, styles.level3, styles.level4];
const MONTH = new Intl.DateTimeFormat(undefined, { month: "short", timeZone: "UTC" });
const SIZE = 13; // units between one day and the next
const LEFT = 30;
const TOP = 16;
const WEEKDAYS = [
  [0, "Mon"],
  [2, "Wed"],
  [4, "Fri"],
] as const;

/** A square for each day, the darker the more was solved. The list beside it says the same in words. */
export function ActivityCalendar({ days, today, weeks }: Props) {
  const calendar = calendarWeeks(days, today, weeks);
  const solvedDays = days.filter(({ solved }) => solved > 0).length;
  return (
    <figure className={styles.calendar}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what does not fit is scrolled with the keyboard too */}
      <section className={styles.scroll} tabIndex={0} aria-label="Calendar">
        <svg
          viewBox={`0 0 ${LEFT + SIZE * weeks} ${TOP + SIZE * 7}`}
          role="img"
          aria-label={`Exercises were solved on ${plural(solvedDays, "day")} of the last ${weeks} weeks.`}
        >
          {WEEKDAYS.map(([row, name]) => (
            <text key={name} x={0} y={TOP + SIZE * row + 10}>
              {name}
            </text>
          ))}
          {calendar.map((week, column) => (
            <g key={week[0]?.day} transform={`translate(${LEFT + SIZE * column} 0)`}>
              {isNewMonth(week, calendar[column - 1]) && (
                <text x={0} y={10}>
                  {MONTH.format(new Date(`${week[0]?.day}T00:00:00Z`))}
                </text>
              )}
              {week.map((cell, row) => cell && <Square key={cell.day} cell={cell} row={row} />)}
            </g>
          ))}
        </svg>
      </section>
      <figcaption className={`quiet ${styles.legend}`} aria-hidden="true">
        Less
        {LEVELS.map((className) => (
          <span key={className} className={`${styles.key} ${className}`} />
        ))}
        More
      </figcaption>
    </figure>
  );
}

function Square({ cell, row }: { cell: CalendarDay; row: number }) {
  const { solved, submissions } = cell;
  return (
    <rect
      className={LEVELS[cell.level]}
      x={0}
      y={TOP + SIZE * row}
      width={SIZE - 2.5}
      height={SIZE - 2.5}
      rx={2}
    >
      <title>{`${formatDay(cell.day)}: ${solved} solved, ${plural(submissions, "submission")}`}</title>
    </rect>
  );
}

function isNewMonth(week: (CalendarDay | null)[], before: (CalendarDay | null)[] | undefined): boolean {
  return before !== undefined && week[0]?.day.slice(0, 7) !== before[0]?.day.slice(0, 7);
}
