import { Text } from "@codemirror/state";
import { expect, test } from "vitest";
import { isAnswerFile, mark } from "./markDiagnostics";

const CODE = ["int main(void) {", "\tcount = 1;", '\tputs("🦔"); count++;', "}"];

const doc = Text.of(CODE);

/** Return the text that is marked for a diagnostic. */
function marked(line: number, column: number | null): string {
  const { from, to } = mark({ line, column, severity: "error", message: "wrong" }, doc);
  return doc.sliceString(from, to);
}

test("the word at the column is marked, or the character if it begins no word", () => {
  expect([marked(1, 5), marked(1, 9), marked(1, 16)]).toEqual(["main", "(", "{"]);
});

test("columns are counted in characters", () => {
  expect([marked(2, 2), marked(3, 8), marked(3, 13)]).toEqual(["count", "🦔", "count"]);
});

test("without a column the line is marked, without its indentation", () => {
  expect(marked(2, null)).toBe("count = 1;");
});

test("a place after the end of the text is at its end", () => {
  expect([marked(9, null), marked(4, 40)]).toEqual(["}", ""]);
});

test("warnings and notes have marks of their own", () => {
  const marks = (["error", "warning", "note"] as const).map((severity) =>
    mark({ line: 1, column: 1, severity, message: "found" }, doc),
  );
  expect(marks.map(({ severity }) => severity)).toEqual(["error", "warning", "info"]);
});

test.each([
  ["main.c", "", true],
  ["answer.py", "", true],
  ["Stack.java", "public class Stack {}", true],
  ["Stack.java", "public class Main {}", false],
  ["stl_algo.h", "class stl {}", false],
])("whether %s is the answer", (file, answer, expected) => {
  expect(isAnswerFile(file, answer)).toBe(expected);
});
