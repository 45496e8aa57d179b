import type { OwnRankData } from "../../api/schema";
import { plural } from "../../components/format";

/** Where the one who is logged in stands, and what the next place takes. */
export function OwnRank({ own }: { own: OwnRankData }) {
  if (own.rank === null) {
    return <p className="card own-place">Solve an exercise, and you are on the board.</p>;
  }
  const next = own.before.at(-1);
  const missing = next ? next.solved - own.solved : 0;
  return (
    <section className="card own-place" aria-label="Your place">
      <p className="own-rank">
        <span className="visually-hidden">Your place: </span>#{own.rank}
      </p>
      <p>
        of {plural(own.learners, "learner")}, with {plural(own.solved, "exercise")} solved.
        <span className="quiet next-place">
          {next
            ? `${next.username ?? `Learner ${next.user_id}`} is next: ${missing > 0 ? `${plural(missing, "exercise")} ahead` : "as many solved, but earlier"}.`
            : "Nobody is in front of you."}
        </span>
      </p>
    </section>
  );
}
