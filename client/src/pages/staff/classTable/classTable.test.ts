import { expect, test } from "vitest";
import type { ScoreData, TableAnswer } from "../../../api/schema";
import { cellLabel, cellText } from "./cellText";
import { cellAfterKey } from "./keyboardNavigation";
import { replaceScore } from "./replaceScore";

const SIZE = { rows: 100, columns: 10, pageRows: 20 };

test("keys move from cell to cell, and stop at the edges", () => {
  const at = (row: number, column: number, key: string, control = false) =>
    cellAfterKey({ row, column }, key, control, SIZE);
  expect(at(5, 5, "ArrowDown")).toEqual({ row: 6, column: 5 });
  expect(at(0, 0, "ArrowLeft")).toEqual({ row: 0, column: 0 });
  expect(at(95, 3, "PageDown")).toEqual({ row: 99, column: 3 });
  expect(at(50, 5, "Home")).toEqual({ row: 50, column: 0 });
  expect(at(50, 5, "End", true)).toEqual({ row: 99, column: 9 });
  expect(at(50, 5, "a")).toBeUndefined();
});

test("a cell has a short text and a label in words", () => {
  expect([cellText([true, 4, 2]), cellText([false, null, 0])]).toEqual(["✓ 4", "✗"]);
  expect(cellLabel([true, 4, 2], 4)).toBe("solved, 4 of 4 points, 2 attempts");
  expect(cellLabel([false, null, 0], 4)).toBe("not solved");
  expect(cellLabel(null, 4)).toBe("not attempted");
});

test("replacing a score changes one cell of the table", () => {
  const exercises = [1, 2].map((id) => ({ id, title: null, slug: null, max_points: 1 }));
  const learners = [7, 8].map((user_id) => ({ user_id, username: null, scores: [null, null] }));
  const page: TableAnswer = { request_id: "", next: null, data: { exercises, learners } };
  const score = { user_id: 8, exercise_id: 2, correct: true, points: null, attempts: 3 } as ScoreData;
  const [changed] = replaceScore({ pages: [page], pageParams: [undefined] }, score).pages;
  expect(changed?.data.learners.map(({ scores }) => scores)).toEqual([
    [null, null],
    [null, [true, null, 3]],
  ]);
});
