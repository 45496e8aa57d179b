import type { InfiniteData } from "@tanstack/react-query";
import type { ScoreData, TableAnswer } from "../../../api/schema";

type Read = InfiniteData<TableAnswer, unknown>;

/** Return the table as it was read but for one score: one decision should not make us read all of it again. */
export function replaceScore(read: Read, score: ScoreData): Read {
  const pages = read.pages.map((page) => {
    const column = page.data.exercises.findIndex(({ id }) => id === score.exercise_id);
    const learners = page.data.learners.map((learner) =>
      learner.user_id === score.user_id && column >= 0
        ? { ...learner, scores: learner.scores.with(column, [score.correct, score.points, score.attempts]) }
        : learner,
    );
    return { ...page, data: { ...page.data, learners } };
  });
  return { ...read, pages };
}
