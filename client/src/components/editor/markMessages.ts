/** Marks a compiler's messages in the editor. It is loaded when there are some. */

import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { findColumn, StateEffect, type Text } from "@codemirror/state";
import { type EditorView, keymap } from "@codemirror/view";
import { type CompilerMessage, compilerMessages } from "./compilerMessages";

const configured = new WeakSet<EditorView>();

/** Mark the places in the editor's text that a compiler's output names. Return a function that removes the marks. */
export function markMessages(view: EditorView, compilerOutput: string): () => void {
  if (!configured.has(view)) {
    configured.add(view);
    view.dispatch({ effects: StateEffect.appendConfig.of([lintGutter(), keymap.of(lintKeymap)]) });
  }
  const { doc } = view.state;
  const messages = compilerMessages(compilerOutput, doc.toString());
  const found = messages.map((message) => diagnostic(message, doc));
  view.dispatch(setDiagnostics(view.state, found));
  return () => view.dispatch(setDiagnostics(view.state, []));
}

/** Return the place of a message: the word at its column, or else its whole line. */
export function diagnostic(
  { line, column, tabSize, severity, text }: CompilerMessage,
  doc: Text,
): Diagnostic {
  const { from, to, text: code } = doc.line(Math.min(Math.max(line, 1), doc.lines));
  const start = column === null ? code.search(/\S|$/) : findColumn(code, column - 1, tabSize);
  const length = column === null ? code.trim().length : (/^\w+|^./.exec(code.slice(start))?.[0].length ?? 0);
  return { from: from + start, to: Math.min(to, from + start + length), severity, message: text };
}
