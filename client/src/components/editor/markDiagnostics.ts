/** Marks what a compiler reported in the editor. It is loaded when there is something. */

import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { StateEffect, type Text } from "@codemirror/state";
import { type EditorView, keymap } from "@codemirror/view";
import type { DiagnosticData } from "../../api/schema";

const SEVERITIES = { error: "error", warning: "warning", note: "info" } as const;

const configured = new WeakSet<EditorView>();

/**
 * Mark the places in the editor's text that a compiler reported. Return a function that removes the marks.
 * `fileName` is that of the text, if it is not the answer itself.
 */
export function markDiagnostics(
  view: EditorView,
  diagnostics: DiagnosticData[],
  fileName?: string,
): () => void {
  if (!configured.has(view)) {
    configured.add(view);
    view.dispatch({ effects: StateEffect.appendConfig.of([lintGutter(), keymap.of(lintKeymap)]) });
  }
  const { doc } = view.state;
  const answer = doc.toString();
  const isFile = (file: string) => (fileName ? file === fileName : isAnswerFile(file, answer));
  const marks = diagnostics.filter(({ file }) => isFile(file)).map((found) => mark(found, doc));
  view.dispatch(setDiagnostics(view.state, marks));
  return () => view.dispatch(setDiagnostics(view.state, []));
}

/** Return the mark of a diagnostic: on the word at its column, or else on its whole line. */
export function mark(
  { line, column, severity, message }: Omit<DiagnosticData, "file">,
  doc: Text,
): Diagnostic {
  const { from, to, text: code } = doc.line(Math.min(Math.max(line, 1), doc.lines));
  // Columns are counted in characters, of which some have two units in a string.
  const before =
    column === null
      ? ""
      : Array.from(code)
          .slice(0, column - 1)
          .join("");
  const start = column === null ? code.search(/\S|$/) : before.length;
  const length = column === null ? code.trim().length : (/^\w+|^./u.exec(code.slice(start))?.[0].length ?? 0);
  return {
    from: from + start,
    to: Math.min(to, from + start + length),
    severity: SEVERITIES[severity],
    message,
  };
}

/** The answer is the file `main` or `answer`, or in Java one that is named after its class. Others came with the test case. */
export function isAnswerFile(file: string, answer: string): boolean {
  const stem = file.slice(0, file.lastIndexOf("."));
  return (
    stem === "main" ||
    stem === "answer" ||
    (/^\w+$/.test(stem) && new RegExp(`\\bclass\\s+${stem}\\b`).test(answer))
  );
}
