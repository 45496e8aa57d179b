/** The places that a compiler's messages name, so that the editor can mark them. */

export interface CompilerMessage {
  severity: "error" | "warning" | "info";
  /** From 1. */
  line: number;
  /** From 1; null if the compiler names only the line. */
  column: number | null;
  /** How many columns the compiler counts for a tab: up to the next multiple of this. */
  tabSize: number;
  text: string;
}

const GCC_TAB_SIZE = 8;

const SEVERITY = "fatal error|error|warning|note";

/** GCC: `main.c:3:5: error: …`. javac: `Main.java:3: error: …`. */
const WITH_SEVERITY = new RegExp(
  `^(?<file>[^\\s:]+):(?<line>\\d+):(?:(?<column>\\d+):)? (?<severity>${SEVERITY}): (?<text>.+)$`,
);
/** Go: `main.go:3:5: …`. */
const WITHOUT_SEVERITY = /^(?<file>[^\s:]+):(?<line>\d+):(?<column>\d+): (?<text>.+)$/;
/** Mono: `main.cs(3,5): error CS0103: …`. Free Pascal: `main.pas(3,5) Error: …`. */
const IN_PARENTHESES = new RegExp(
  `^(?<file>[^\\s(]+)\\((?<line>\\d+),(?<column>\\d+)\\):? (?<severity>fatal|${SEVERITY}|hint)(?: \\w+)?: (?<text>.+)$`,
  "i",
);
/** Rust has the text in the line before: `error[E0425]: …` and then ` --> main.rs:3:5`. */
const RUST_TEXT = /^(?<severity>error|warning)(?:\[\w+\])?: (?<text>.+)$/;
const RUST_PLACE = /^\s*--> (?<file>[^\s:]+):(?<line>\d+):(?<column>\d+)$/;

type Groups = Record<string, string | undefined>;

/** Return the messages about the answer's own file in what a compiler printed. */
export function compilerMessages(printed: string, answer: string): CompilerMessage[] {
  const messages: CompilerMessage[] = [];
  let rustText: Groups = {};
  const lines = printed.split("\n");
  for (const [index, line] of lines.entries()) {
    rustText = RUST_TEXT.exec(line)?.groups ?? rustText;
    const found = parseLine(line, rustText);
    if (found && isAnswerFile(found.file ?? "", answer)) {
      messages.push(compilerMessage({ column: caretColumn(lines[index + 2]), ...found }));
    }
  }
  return messages;
}

/** javac shows the column by a caret under the line of code. */
function caretColumn(line: string | undefined): string | undefined {
  const caret = line?.match(/^\s*\^$/);
  return caret ? String(caret[0].length) : undefined;
}

function parseLine(line: string, rustText: Groups): Groups | undefined {
  for (const pattern of [WITH_SEVERITY, IN_PARENTHESES, WITHOUT_SEVERITY]) {
    const groups = pattern.exec(line)?.groups;
    if (groups) {
      return definedOnly(groups);
    }
  }
  const place = RUST_PLACE.exec(line)?.groups;
  return place && { ...rustText, ...place };
}

function definedOnly(groups: Groups): Groups {
  return Object.fromEntries(Object.entries(groups).filter(([, value]) => value !== undefined));
}

function compilerMessage({ severity, line, column, text, file }: Groups): CompilerMessage {
  const usesDisplayColumns = /\.(?:c|cc|cpp|h|hpp)$/.test(file ?? "");
  return {
    severity: severityOf(severity?.toLowerCase()),
    line: Number(line),
    column: column === undefined ? null : Number(column),
    tabSize: usesDisplayColumns ? GCC_TAB_SIZE : 1,
    text: text ?? "",
  };
}

function severityOf(word: string | undefined): CompilerMessage["severity"] {
  if (word === "warning") {
    return "warning";
  }
  return word === "note" || word === "hint" ? "info" : "error";
}

/** The answer is the file `main`, or in Java one that is named after its class. Others came with the test case. */
function isAnswerFile(file: string, answer: string): boolean {
  const [, stem] = /^(?:.*\/)?(\w+)\.\w+$/.exec(file) ?? [];
  return stem === "main" || (stem !== undefined && new RegExp(`\\bclass\\s+${stem}\\b`).test(answer));
}
