import type { RankData } from "../../api/schema";
import { formatCount, formatDateTime } from "../../components/format";
import { learnerName } from "../../components/learnerName";
import { ScrollableTable } from "../../components/ScrollableTable";
import styles from "./RankTable.module.css";

interface Props {
  caption: string;
  rows: RankData[];
  ownId: number | undefined;
}

export function RankTable({ caption, rows, ownId }: Props) {
  return (
    <ScrollableTable label={caption}>
      <table className={styles.ranks}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col" className="number">
              Rank
            </th>
            <th scope="col">Learner</th>
            <th scope="col" className="number">
              Solved
            </th>
            <th scope="col" className="wide-only">
              Reached on
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.user_id} className={row.user_id === ownId ? styles.own : undefined}>
              <td className="number">{row.rank}</td>
              <th scope="row">
                {learnerName(row.user_id, row.username)}
                {row.user_id === ownId && <span className="tag">you</span>}
              </th>
              <td className="number">{formatCount(row.solved)}</td>
              <td className="wide-only">{formatDateTime(row.reached_at)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollableTable>
  );
}
