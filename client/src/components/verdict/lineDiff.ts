/** Expected and actual output, line by line. */

import { diffLines, diffWordsWithSpace } from "diff";

export interface Part {
  text: string;
  changed: boolean;
}

export interface Line {
  side: "both" | "expected" | "actual";
  parts: Part[];
}

// Beyond this a word-by-word comparison tells nobody anything, and takes long.
const MAX_LINE_LENGTH = 2000;
const DIFF_TIMEOUT_MS = 250;

/** Return the lines of both, each once if it is the same. Line ends at the very end make no difference. */
export function difference(expected: string, actual: string): Line[] {
  const [left, right] = [withEnd(expected), withEnd(actual)];
  const changes = diffLines(left, right, { timeout: DIFF_TIMEOUT_MS }) ?? [
    { value: left, removed: true, added: false },
    { value: right, added: true, removed: false },
  ];
  const lines: Line[] = [];
  for (let at = 0; at < changes.length; at += 1) {
    const change = changes[at];
    const next = changes[at + 1];
    if (!change) {
      continue;
    }
    if (change.removed && next?.added) {
      lines.push(...pairs(split(change.value), split(next.value)));
      at += 1;
    } else {
      const side = change.removed ? "expected" : change.added ? "actual" : "both";
      lines.push(...split(change.value).map((text) => whole(side, text, side !== "both")));
    }
  }
  return lines;
}

/** Lines that stand in each other's place are compared by words; what is left over is new as a whole. */
function pairs(expected: string[], actual: string[]): Line[] {
  const lines: Line[] = [];
  for (let at = 0; at < Math.max(expected.length, actual.length); at += 1) {
    const [left, right] = [expected[at], actual[at]];
    if (left !== undefined && right !== undefined && left.length + right.length <= MAX_LINE_LENGTH) {
      const words = diffWordsWithSpace(left, right);
      lines.push({ side: "expected", parts: words.filter((word) => !word.added).map(part) });
      lines.push({ side: "actual", parts: words.filter((word) => !word.removed).map(part) });
    } else {
      lines.push(...(left === undefined ? [] : [whole("expected", left, true)]));
      lines.push(...(right === undefined ? [] : [whole("actual", right, true)]));
    }
  }
  return lines;
}

function part(word: { value: string; added?: boolean; removed?: boolean }): Part {
  return { text: word.value, changed: Boolean(word.added || word.removed) };
}

function whole(side: Line["side"], text: string, changed: boolean): Line {
  return { side, parts: [{ text, changed }] };
}

function withEnd(text: string): string {
  const trimmed = text.replace(/\n+$/, "");
  return trimmed === "" ? "" : `${trimmed}\n`;
}

function split(text: string): string[] {
  return text.replace(/\n$/, "").split("\n");
}
