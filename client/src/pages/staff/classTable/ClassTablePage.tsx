import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { plural } from "../../../components/format";
import { learnerName } from "../../../components/learnerName";
import { PageHeading } from "../../../components/PageHeading";
import { Select } from "../../../components/Select";
import { Skeleton } from "../../../components/Skeleton";
import { exerciseSetsQuery } from "../../../queries/exerciseSets";
import { classTableQuery } from "../../../queries/scores";
import { columnName } from "./cellText";
import { replaceScore } from "./replaceScore";
import { ScoreDialog } from "./ScoreDialog";
import { ScoreGrid } from "./ScoreGrid";

interface OpenedCell {
  userId: number;
  learner: string;
  exerciseId: number;
  exercise: string;
}

export function Component() {
  const [search, setSearch] = useSearchParams();
  const exerciseSet = search.get("set") ?? undefined;
  const queries = useQueryClient();
  const sets = useQuery(exerciseSetsQuery).data ?? [];
  const table = useInfiniteQuery(classTableQuery(exerciseSet));
  const [opened, setOpened] = useState<OpenedCell | null>(null);

  const exercises = table.data?.pages[0]?.data.exercises ?? [];
  const learners = useMemo(() => table.data?.pages.flatMap((page) => page.data.learners) ?? [], [table.data]);
  const { fetchNextPage, hasNextPage, isFetching } = table;
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetching) {
      fetchNextPage();
    }
  }, [fetchNextPage, hasNextPage, isFetching]);

  const open = (row: number, column: number) => {
    const [learner, exercise] = [learners[row], exercises[column]];
    if (learner && exercise) {
      setOpened({
        userId: learner.user_id,
        learner: learnerName(learner.user_id, learner.username),
        exerciseId: exercise.id,
        exercise: columnName(exercise),
      });
    }
  };

  return (
    <>
      <PageHeading title="Class">
        <button type="button" className="button" onClick={() => table.refetch()}>
          Refresh
        </button>
      </PageHeading>
      <div className="row at-bottom">
        {sets.length > 0 && (
          <Select
            label="Exercises"
            value={exerciseSet ?? ""}
            options={[["", "All exercises"], ...sets.map(({ name }) => [name, name] as const)]}
            onChange={(name) => setSearch(name ? { set: name } : {}, { replace: true })}
          />
        )}
        <p className="quiet" role="status">
          {table.data &&
            `${plural(learners.length, "learner")}${hasNextPage ? " so far" : ""}, ${plural(exercises.length, "exercise")}`}
        </p>
      </div>
      {table.error && <ErrorNotice error={table.error} onRetry={() => table.refetch()} />}
      {table.isPending && <Skeleton lines={16} />}
      {table.data && learners.length === 0 && <p>No learner has a score for these exercises yet.</p>}
      {learners.length > 0 && (
        <>
          <ScoreGrid
            key={exerciseSet}
            exercises={exercises}
            learners={learners}
            complete={!hasNextPage}
            onNearEnd={loadMore}
            onOpen={open}
          />
          <p className="hint">Use the arrow keys to move, and Enter to open a score with its history.</p>
        </>
      )}
      {opened && (
        <ScoreDialog
          {...opened}
          onChanged={(score) =>
            queries.setQueryData(
              classTableQuery(exerciseSet).queryKey,
              (table) => table && replaceScore(table, score),
            )
          }
          onClose={() => setOpened(null)}
        />
      )}
    </>
  );
}
