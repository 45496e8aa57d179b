import { lazy, Suspense, useId } from "react";
import { percent } from "../../../components/percent";
import { Scrolled } from "../../../components/Scrolled";

const Bars = lazy(async () => ({ default: (await import("./Bars")).Bars }));

export interface Bar {
  name: string;
  /** How many, in words. */
  count: string;
  /** From 0 to 1. */
  share: number;
}

interface Props {
  title: string;
  columns: readonly [string, string, string];
  bars: Bar[];
}

const MOST_BARS = 10;
const BAR_REM = 2.25;

/** Shares as bars, and all of them as a table, which says the same without being seen. */
export function BarsWithTable({ title, columns, bars }: Props) {
  const id = useId();
  const drawn = bars.slice(0, MOST_BARS);
  return (
    <section className="card stack" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <div aria-hidden="true" style={{ height: `${drawn.length * BAR_REM + 2}rem` }}>
        <Suspense>
          <Bars bars={drawn} />
        </Suspense>
      </div>
      <Scrolled label={`${title}, as a table`}>
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
            {bars.map((bar) => (
              <tr key={bar.name}>
                <th scope="row">{bar.name}</th>
                <td className="number">{bar.count}</td>
                <td className="number">{percent(bar.share)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}
