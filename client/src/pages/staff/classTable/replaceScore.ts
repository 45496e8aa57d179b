import type { InfiniteData } from "@tanstack/react-query";
import type { ScoreData, TableAnswer } from "../../../api/schema";

type ClassTable = InfiniteData<TableAnswer, unknown>;

/** Return a copy of the class table with one score replaced, so that it need not be fetched again. */
export function replaceScore(table: ClassTable, score: ScoreData): ClassTable {
  const pages = table.pages.map((page) => {
    const column = page.data.exercises.findIndex(({ id }) => id === score.exercise_id);
    const learners = page.data.learners.map((learner) =>
      learner.user_id === score.user_id && column >= 0
        ? { ...learner, scores: learner.scores.with(column, [score.correct, score.points, score.attempts]) }
        : learner,
    );
    return { ...page, data: { ...page.data, learners } };
  });
  return { ...table, pages };
}
