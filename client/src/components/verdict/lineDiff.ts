/** The lines and words in which the expected and the actual output differ. */

import { diffLines, diffWordsWithSpace } from "diff";

export interface Part {
  text: string;
  changed: boolean;
}

export interface Line {
  side: "both" | "expected" | "actual";
  parts: Part[];
}

// Two lines with more characters than this are not compared word by word, which takes long and helps nobody.
const MAX_COMPARED_CHARACTERS = 2000;
const DIFF_TIMEOUT_MS = 250;

/** Return the lines of both texts, and common lines once. Line breaks at the very end do not count. */
export function lineDiff(expected: string, actual: string): Line[] {
  const [left, right] = [withFinalLineBreak(expected), withFinalLineBreak(actual)];
  const changes = diffLines(left, right, { timeout: DIFF_TIMEOUT_MS }) ?? [
    { value: left, removed: true, added: false },
    { value: right, removed: false, added: true },
  ];
  const lines: Line[] = [];
  let removed: string[] = [];
  for (const change of changes) {
    const texts = change.value.replace(/\n$/, "").split("\n");
    if (change.removed) {
      removed = texts;
      continue;
    }
    lines.push(...replacedLines(removed, change.added ? texts : []));
    removed = [];
    if (!change.added) {
      lines.push(...texts.map((text) => wholeLine("both", text)));
    }
  }
  lines.push(...replacedLines(removed, []));
  return lines;
}

/** Compare each expected line word by word with the actual line in its place. Lines without a counterpart are changed. */
function replacedLines(expected: string[], actual: string[]): Line[] {
  return Array.from({ length: Math.max(expected.length, actual.length) }, (_, index) =>
    replacedLine(expected[index], actual[index]),
  ).flat();
}

function replacedLine(expected: string | undefined, actual: string | undefined): Line[] {
  if (
    expected === undefined ||
    actual === undefined ||
    expected.length + actual.length > MAX_COMPARED_CHARACTERS
  ) {
    return [
      ...(expected === undefined ? [] : [wholeLine("expected", expected)]),
      ...(actual === undefined ? [] : [wholeLine("actual", actual)]),
    ];
  }
  const words = diffWordsWithSpace(expected, actual);
  const parts = words.map(({ value, added, removed }) => ({ text: value, changed: added || removed }));
  return [
    { side: "expected", parts: parts.filter((_, index) => !words[index]?.added) },
    { side: "actual", parts: parts.filter((_, index) => !words[index]?.removed) },
  ];
}

function wholeLine(side: Line["side"], text: string): Line {
  return { side, parts: [{ text, changed: side !== "both" }] };
}

function withFinalLineBreak(text: string): string {
  const trimmed = text.replace(/\n+$/, "");
  return trimmed === "" ? "" : `${trimmed}\n`;
}
