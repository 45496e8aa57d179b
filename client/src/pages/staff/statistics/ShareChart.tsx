import { Bar, BarChart, CartesianGrid, ResponsiveContainer, XAxis, YAxis } from "recharts";
import { formatPercent } from "../../../components/format";

const TICK = { fill: "var(--text-quiet)", fontSize: 12 };
const NAME_PX = 130;
const MAX_NAME_LENGTH = 20; // characters

export interface Share {
  name: string;
  /** How many, in words. */
  count: string;
  /** From 0 to 1. */
  share: number;
}

/** Lying bars, so that names have room. They are for the eye: the table beside them is for everybody. */
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
          width={NAME_PX}
          interval={0}
          tickFormatter={shortened}
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

function shortened(name: string): string {
  return name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH - 1)}…` : name;
}
