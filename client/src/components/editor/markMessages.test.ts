import { Text } from "@codemirror/state";
import { expect, test } from "vitest";
import { diagnostic } from "./markMessages";

const CODE = ["int main(void) {", "\tcount = 1;", "}"];

const doc = Text.of(CODE);

/** Return the text that is marked for a message. */
function marked(line: number, column: number | null, tabSize = 1): string {
  const { from, to } = diagnostic({ line, column, tabSize, severity: "error", text: "wrong" }, doc);
  return doc.sliceString(from, to);
}

test("the word at the column is marked, or the character if it begins no word", () => {
  expect([marked(1, 5), marked(1, 9), marked(1, 16)]).toEqual(["main", "(", "{"]);
});

test("a tab has as many columns as the compiler counts", () => {
  expect([marked(2, 2), marked(2, 9, 8)]).toEqual(["count", "count"]);
});

test("without a column the line is marked, without its indentation", () => {
  expect(marked(2, null)).toBe("count = 1;");
});

test("a place after the end of the text is at its end", () => {
  expect([marked(9, null), marked(3, 40)]).toEqual(["}", ""]);
});
