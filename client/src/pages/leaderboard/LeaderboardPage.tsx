import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { useEvents } from "../../api/events";
import { useToken } from "../../api/session";
import { useUser } from "../../auth/useUser";
import { Choice } from "../../components/Choice";
import { Heading } from "../../components/Heading";
import { Notice } from "../../components/Notice";
import { Skeleton } from "../../components/Skeleton";
import { setsQuery } from "../../queries/exerciseSets";
import "./leaderboard.css";
import { boardQuery, ownRankQuery } from "../../queries/leaderboard";
import { OwnPlace } from "./OwnPlace";
import { RankTable } from "./RankTable";

export function Component() {
  const token = useToken();
  const user = useUser();
  const queries = useQueryClient();
  const [search, setSearch] = useSearchParams();
  const exerciseSet = search.get("set") ?? undefined;
  const live = useEvents("leaderboard", () => queries.invalidateQueries({ queryKey: ["leaderboard"] }));
  const sets = useQuery(setsQuery).data ?? [];
  const board = useInfiniteQuery(boardQuery(exerciseSet, live));
  const own = useQuery(ownRankQuery(token, exerciseSet, live));
  const rows = board.data?.pages.flatMap((page) => page.data.leaderboard);

  return (
    <>
      <Heading title="Leaderboard">
        {live && (
          <span className="tag good">
            <span className="dot" aria-hidden="true" /> Live
          </span>
        )}
      </Heading>
      <div className="set-choice">
        <Choice
          label="Exercises"
          value={exerciseSet ?? ""}
          options={[["", "All exercises"], ...sets.map(({ name }) => [name, name] as const)]}
          onChange={(name) => setSearch(name ? { set: name } : {}, { replace: true })}
        />
      </div>
      {own.data && <OwnPlace own={own.data} />}
      {own.isLoading && <div className="card own-place" />}
      {own.error && !board.error && !own.data && <Notice error={own.error} onRetry={() => own.refetch()} />}
      {board.error && <Notice error={board.error} onRetry={() => board.refetch()} />}
      {board.isPending && <Skeleton lines={10} />}
      {rows?.length === 0 && <p className="quiet">Nobody has solved anything yet. Be the first.</p>}
      {rows && rows.length > 0 && (
        <RankTable caption="Learners by what they solved" rows={rows} ownId={user?.id} />
      )}
      {board.hasNextPage && (
        <button type="button" className="button" onClick={() => board.fetchNextPage()}>
          Show more
        </button>
      )}
    </>
  );
}
