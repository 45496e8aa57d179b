import { expect, test } from "vitest";
import { lineDiff } from "./lineDiff";

const written = (expected: string, actual: string) =>
  lineDiff(expected, actual).map(({ side, parts }) =>
    [side, parts.map(({ text, changed }) => (changed ? `[${text}]` : text)).join("")].join(": "),
  );

test("a line that differs is compared by words, the others stand once", () => {
  expect(written("1 2\n2 4\n", "1 2\n2 5\n")).toEqual(["both: 1 2", "expected: 2 [4]", "actual: 2 [5]"]);
});

test("a space too many is a change", () => {
  expect(written("a b", "a  b")).toEqual(["expected: a[ ]b", "actual: a[  ]b"]);
});

test("a missing and an additional line are changed as a whole", () => {
  expect(written("a\nb\n", "a\n")).toEqual(["both: a", "expected: [b]"]);
  expect(written("a\n", "a\nb\n")).toEqual(["both: a", "actual: [b]"]);
});

test("line ends at the very end make no lineDiff, and no output is none", () => {
  expect(written("a\n", "a")).toEqual(["both: a"]);
  expect(written("a", "")).toEqual(["expected: [a]"]);
});
