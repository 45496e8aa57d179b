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
// In units of the SVG's viewBox.
const DAY_SIZE = 13;
const LABEL_WIDTH = 30;
const LABEL_HEIGHT = 16;
const WEEKDAYS = [
  [0, "Mon"],
  [2, "Wed"],
  [4, "Fri"],
] as const;

/** A square for each day, darker the more exercises were solved. Its label sums it up in words. */
export function ActivityCalendar({ days, today, weeks }: Props) {
  const calendar = calendarWeeks(days, today, weeks);
  const solvedDays = days.filter(({ solved }) => solved > 0).length;
  return (
    <figure className={styles.calendar}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll it */}
      <section className={styles.scroll} tabIndex={0} aria-label="Calendar">
        <svg
          viewBox={`0 0 ${LABEL_WIDTH + DAY_SIZE * weeks} ${LABEL_HEIGHT + DAY_SIZE * 7}`}
          role="img"
          aria-label={`Exercises were solved on ${plural(solvedDays, "day")} of the last ${weeks} weeks.`}
        >
          {WEEKDAYS.map(([row, name]) => (
            <text key={name} x={0} y={LABEL_HEIGHT + DAY_SIZE * row + 10}>
              {name}
            </text>
          ))}
          {calendar.map((week, column) => (
            <g key={week[0]?.day} transform={`translate(${LABEL_WIDTH + DAY_SIZE * column} 0)`}>
              {startsMonth(week, calendar[column - 1]) && (
                <text x={0} y={10}>
                  {MONTH.format(new Date(`${week[0]?.day}T00:00:00Z`))}
                </text>
              )}
              {week.map((cell, row) => cell && <DaySquare key={cell.day} day={cell} row={row} />)}
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

function DaySquare({ day, row }: { day: CalendarDay; row: number }) {
  return (
    <rect
      className={LEVELS[day.level]}
      x={0}
      y={LABEL_HEIGHT + DAY_SIZE * row}
      width={DAY_SIZE - 2.5}
      height={DAY_SIZE - 2.5}
      rx={2}
    >
      <title>{`${formatDay(day.day)}: ${day.solved} solved, ${plural(day.submissions, "submission")}`}</title>
    </rect>
  );
}

function startsMonth(week: (CalendarDay | null)[], before: (CalendarDay | null)[] | undefined): boolean {
  return before !== undefined && week[0]?.day.slice(0, 7) !== before[0]?.day.slice(0, 7);
}
