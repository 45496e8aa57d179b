import { ensureSyntaxTree, getIndentation, IndentContext, syntaxTree } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { expect, test } from "vitest";
import { indentation, loadCodeLanguage } from "./codeLanguages";

/** Of each language: a beginning of a program, and the line break after it that is indented. */
const BLOCKS: [language: string, before: string, indent: string][] = [
  ["python", "if a:", "    "],
  ["python3", "if a:", "    "],
  ["javascript", "if (a) {", "  "],
  ["typescript", "if (a as boolean) {", "  "],
  ["nodejs", "if (a) {", "  "],
  ["c", "int main(void) {", "    "],
  ["cpp", "int main() {", "    "],
  ["java", "public class Main {", "    "],
  ["csharp", "class Program {", "    "],
  ["go", "func main() {", "\t"],
  ["rust", "fn main() {", "    "],
  ["php", "<?php\nif ($a) {", "    "],
  ["lua", "if a then", "  "],
  ["ruby", "if a", "  "],
  ["bash", "if true; then", "  "],
  ["octave", "if a", "  "],
  ["pascal", "begin", "  "],
];

/** A state parses for some milliseconds only, which is too short on a busy machine. */
const PARSER_MS = 10_000;

async function editorState(language: string, doc: string): Promise<EditorState> {
  const extensions = [indentation(language), await loadCodeLanguage(language)];
  const state = EditorState.create({ doc, extensions });
  ensureSyntaxTree(state, doc.length, PARSER_MS);
  return state.update({}).state; // with the whole tree
}

/** Return the column at which a new line would begin after the text. */
function columnAfter(state: EditorState): number | null {
  const end = state.doc.length;
  return getIndentation(new IndentContext(state, { simulateBreak: end }), end);
}

test.each(BLOCKS)("%s is parsed, and a block of it is indented", async (language, before, indent) => {
  const state = await editorState(language, before);
  expect(syntaxTree(state).length).toBe(before.length);
  expect(syntaxTree(state).topNode.firstChild).not.toBeNull();
  expect(columnAfter(state)).toBe(indent === "\t" ? state.tabSize : indent.length);
});

test.each([
  ["bash", "for i in 1 2; do\n  echo\n  done", "  done"],
  ["bash", "f() {\n  echo\n  }", "  }"],
  ["octave", "while a\n  b\n  end", "  end"],
  ["octave", "while a\n  b\n  endwhile", "  endwhile"],
  ["pascal", "begin\n  writeln(1);\n  end.", "  end."],
  ["pascal", "repeat\n  readln(a);\n  until a = 0;", "  until a = 0;"],
])("%s: a word that ends a block is back at the level of the block", async (language, text, last) => {
  const state = await editorState(language, text);
  expect(getIndentation(state, text.length - last.length)).toBe(0);
});

test.each([
  ["bash", "echo $(date)"],
  ["octave", "if a, b = 1; end"],
  ["pascal", "x := 1;"],
])("%s: a line that opens no block is followed by one at the same level", async (language, line) => {
  expect(columnAfter(await editorState(language, line))).toBe(0);
  expect(columnAfter(await editorState(language, `  ${line}`))).toBe(2);
});

test("SQL is parsed", async () => {
  const state = await editorState("sql", "SELECT name");
  expect(syntaxTree(state).topNode.firstChild?.name).toBe("keyword");
});

test("an unknown language is plain text", async () => {
  expect(await loadCodeLanguage("cobol")).toEqual([]);
});
