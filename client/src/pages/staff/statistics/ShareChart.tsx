import { Bar, BarChart, CartesianGrid, ResponsiveContainer, XAxis, YAxis } from "recharts";
import { formatPercent } from "../../../components/format";

const TICK = { fill: "var(--text-quiet)", fontSize: 12 };
const NAME_WIDTH_PX = 130;
const MAX_NAME_LENGTH = 20; // characters

export interface Share {
  name: string;
  /** The number in words. */
  count: string;
  /** From 0 to 1. */
  share: number;
}

/** Horizontal bars, which leave room for names. Screen readers get the table beside them instead. */
export function ShareChart({ shares }: { shares: Share[] }) {
  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart
        data={shares}
        layout="vertical"
        margin={{ top: 0, right: 12, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
        <CartesianGrid stroke="var(--line)" horizontal={false} />
        <XAxis
          type="number"
          domain={[0, 1]}
          tickFormatter={formatPercent}
          ticks={[0, 0.5, 1]}
          tick={TICK}
          stroke="var(--line-strong)"
        />
        <YAxis
          type="category"
          dataKey="name"
          width={NAME_WIDTH_PX}
          interval={0}
          tickFormatter={shorten}
          tick={TICK}
          stroke="var(--line-strong)"
        />
        <Bar
          dataKey="share"
          fill="var(--series-1)"
          radius={[0, 4, 4, 0]}
          maxBarSize={20}
          isAnimationActive={false}
        />
      </BarChart>
    </ResponsiveContainer>
  );
}

function shorten(name: string): string {
  return name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH - 1)}…` : name;
}
