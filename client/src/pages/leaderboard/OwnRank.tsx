import type { OwnRankData } from "../../api/schema";
import { formatCount, plural } from "../../components/format";
import { learnerName } from "../../components/learnerName";
import styles from "./OwnRank.module.css";

/** The rank of the user who is logged in, and what they need for the next one. Empty until it is known. */
export function OwnRank({ own }: { own: OwnRankData | undefined }) {
  const className = `card ${styles.card}`;
  if (own === undefined) {
    return <div className={className} />;
  }
  if (own.rank === null) {
    return <p className={className}>Solve an exercise to appear on the leaderboard.</p>;
  }
  return (
    <section className={className} aria-label="Your rank">
      <p className={styles.rank}>
        <span className="visually-hidden">Your rank: </span>#{formatCount(own.rank)}
      </p>
      <p>
        of {plural(own.learners, "learner")}, with {plural(own.solved, "exercise")} solved.
        <span className={`quiet ${styles.next}`}>{nextRank(own)}</span>
      </p>
    </section>
  );
}

function nextRank({ before, solved }: OwnRankData): string {
  const next = before.at(-1);
  if (!next) {
    return "Nobody is ahead of you.";
  }
  const lead = next.solved - solved;
  const reason = lead > 0 ? `is ${plural(lead, "exercise")} ahead` : "solved as many, but earlier";
  return `Next is ${learnerName(next.user_id, next.username)}, who ${reason}.`;
}
