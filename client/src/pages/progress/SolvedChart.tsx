import { Area, AreaChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { formatDay } from "../../components/format";
import { type CurvePoint, chartTicks } from "./activity";
import styles from "./SolvedChart.module.css";

const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", timeZone: "UTC" });
const TICK = { fill: "var(--text-quiet)", fontSize: 12 };

/** The number of solved exercises over time, as a step curve. */
export function SolvedChart({ points }: { points: CurvePoint[] }) {
  return (
    <ResponsiveContainer width="100%" height="100%">
      <AreaChart
        data={points}
        margin={{ top: 8, right: 12, bottom: 0, left: -24 }}
        title="Exercises solved over time"
      >
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis
          dataKey="time"
          type="number"
          scale="time"
          domain={["dataMin", "dataMax"]}
          tickFormatter={(time: number) => DAY.format(time)}
          tick={TICK}
          stroke="var(--line-strong)"
          ticks={chartTicks(points)}
          interval="equidistantPreserveEnd"
        />
        <YAxis allowDecimals={false} tick={TICK} stroke="var(--line-strong)" />
        <Tooltip content={ChartTooltip} />
        <Area
          dataKey="solved"
          type="stepAfter"
          stroke="var(--series-1)"
          strokeWidth={2}
          fill="var(--accent-soft)"
          isAnimationActive={false}
        />
      </AreaChart>
    </ResponsiveContainer>
  );
}

function ChartTooltip({ payload }: { payload?: readonly { payload?: CurvePoint }[] }) {
  const point = payload?.[0]?.payload;
  return point ? (
    <div className={styles.tooltip}>
      {formatDay(point.day)}: <strong>{point.solved}</strong> solved
    </div>
  ) : null;
}
