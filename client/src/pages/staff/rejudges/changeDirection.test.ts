import { expect, test } from "vitest";
import { countDirections, directionOf } from "./changeDirection";

const result = (correct: boolean, points: number | null, max_points: number | null = 4) => ({
  correct,
  points,
  max_points,
  submission_id: 1,
});

test("solving counts more than points", () => {
  expect(directionOf({ before: result(false, 3, 4), after: result(true, 2, 2) })).toBe("better");
  expect(directionOf({ before: result(true, 2, 2), after: result(false, 3, 4) })).toBe("worse");
});

test("points are compared as shares of the maximum", () => {
  expect(directionOf({ before: result(false, 2, 4), after: result(false, 3, 8) })).toBe("worse");
  expect(directionOf({ before: result(true, 2, 2), after: result(true, 4, 4) })).toBe("other");
});

test("a self-reported score has no points to compare", () => {
  expect(directionOf({ before: result(true, null, null), after: result(true, 4) })).toBe("other");
});

test("changes are counted by their direction", () => {
  const changes = [
    { before: result(false, 0), after: result(true, 4) },
    { before: result(true, 4), after: result(false, 3) },
    { before: result(false, 1), after: result(false, 2) },
  ];
  expect(countDirections(changes)).toEqual({ better: 2, worse: 1, other: 0 });
});
