import { lazy, Suspense, useId } from "react";
import { formatPercent } from "../../../components/format";
import { ScrollableTable } from "../../../components/ScrollableTable";
import type { Share } from "./ShareChart";

const ShareChart = lazy(async () => ({ default: (await import("./ShareChart")).ShareChart }));

interface Props {
  title: string;
  columns: readonly [string, string, string];
  shares: Share[];
}

const MAX_BARS = 10;
const BAR_HEIGHT_REM = 2.25;

/** Shares as a bar chart, and as a table for screen readers and for the shares that the chart leaves out. */
export function ShareSection({ title, columns, shares }: Props) {
  const id = useId();
  const charted = shares.slice(0, MAX_BARS);
  return (
    <section className="card stack" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <div aria-hidden="true" style={{ height: `${charted.length * BAR_HEIGHT_REM + 2}rem` }}>
        <Suspense>
          <ShareChart shares={charted} />
        </Suspense>
      </div>
      <ScrollableTable label={`${title}, as a table`}>
        <table>
          <thead>
            <tr>
              <th scope="col">{columns[0]}</th>
              <th scope="col" className="number">
                {columns[1]}
              </th>
              <th scope="col" className="number">
                {columns[2]}
              </th>
            </tr>
          </thead>
          <tbody>
            {shares.map((share) => (
              <tr key={share.name}>
                <th scope="row">{share.name}</th>
                <td className="number">{share.count}</td>
                <td className="number">{formatPercent(share.share)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollableTable>
    </section>
  );
}
