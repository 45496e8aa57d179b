import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { useEvents } from "../../api/events";
import { useToken } from "../../api/session";
import { useUser } from "../../auth/useUser";
import { ErrorNotice } from "../../components/ErrorNotice";
import { PageHeading } from "../../components/PageHeading";
import { Select } from "../../components/Select";
import { Skeleton } from "../../components/Skeleton";
import { exerciseSetsQuery } from "../../queries/exerciseSets";
import { leaderboardQuery, ownRankQuery } from "../../queries/leaderboard";
import { queryKeys } from "../../queries/queryKeys";
import styles from "./LeaderboardPage.module.css";
import { OwnRank } from "./OwnRank";
import { RankTable } from "./RankTable";

export function Component() {
  const token = useToken();
  const user = useUser();
  const queries = useQueryClient();
  const [search, setSearch] = useSearchParams();
  const exerciseSet = search.get("set") ?? undefined;
  const receivesEvents = useEvents("leaderboard", () =>
    queries.invalidateQueries({ queryKey: queryKeys.leaderboard.all }),
  );
  const sets = useQuery(exerciseSetsQuery).data ?? [];
  const board = useInfiniteQuery(leaderboardQuery(exerciseSet, receivesEvents));
  const own = useQuery(ownRankQuery(token, exerciseSet, receivesEvents));
  const rows = board.data?.pages.flatMap((page) => page.data.leaderboard);

  return (
    <>
      <PageHeading title="Leaderboard">
        {receivesEvents && (
          <span className="tag good">
            <span className={styles.dot} aria-hidden="true" /> Live
          </span>
        )}
      </PageHeading>
      <div className={styles.setSelect}>
        <Select
          label="Exercises"
          value={exerciseSet ?? ""}
          options={[["", "All exercises"], ...sets.map(({ name }) => [name, name] as const)]}
          onChange={(name) => setSearch(name ? { set: name } : {}, { replace: true })}
        />
      </div>
      {(own.data || own.isLoading) && <OwnRank own={own.data} />}
      {own.error && !board.error && !own.data && (
        <ErrorNotice error={own.error} onRetry={() => own.refetch()} />
      )}
      {board.error && <ErrorNotice error={board.error} onRetry={() => board.refetch()} />}
      {board.isPending && <Skeleton lines={10} />}
      {rows?.length === 0 && <p className="quiet">Nobody has solved an exercise yet. Be the first!</p>}
      {rows && rows.length > 0 && (
        <RankTable caption="Learners by solved exercises" rows={rows} ownId={user?.id} />
      )}
      {board.hasNextPage && (
        <button type="button" className="button" onClick={() => board.fetchNextPage()}>
          Show more
        </button>
      )}
    </>
  );
}
