import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { EditorState, type Extension, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useEffectEvent, useRef } from "react";
import styles from "./CodeEditor.module.css";
import { codeTheme } from "./codeTheme";

export interface CodeEditorProps {
  label: string;
  describedBy?: string;
  language: string;
  value: string;
  onChange: (value: string) => void;
  onSubmit?: () => void;
  onRun?: () => void;
}

const LANGUAGES: Record<string, () => Extension> = {
  python: () => [python(), indentUnit.of("    ")],
  javascript: () => [javascript(), indentUnit.of("  ")],
};

/** Return a command that runs `act` and stops other commands of the key. */
function command(act: () => void): () => boolean {
  return () => {
    act();
    return true;
  };
}

/** A code editor. Use LazyCodeEditor: this is larger than the rest of the client. */
export function CodeEditor({
  label,
  describedBy,
  language,
  value,
  onChange,
  onSubmit,
  onRun,
}: CodeEditorProps) {
  const container = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const handleChange = useEffectEvent((text: string) => text !== value && onChange(text));
  const submit = useEffectEvent(() => onSubmit?.());
  const run = useEffectEvent(() => onRun?.());
  const initialValue = useEffectEvent(() => value);

  useEffect(() => {
    const editor = new EditorView({
      parent: container.current ?? undefined,
      state: EditorState.create({
        doc: initialValue(),
        extensions: [
          Prec.highest(
            keymap.of([
              { key: "Mod-Enter", run: command(submit) },
              { key: "Mod-Shift-Enter", run: command(run) },
            ]),
          ),
          EditorView.contentAttributes.of({
            "aria-label": label,
            tabindex: "0",
            ...(describedBy && { "aria-describedby": describedBy }),
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) {
              handleChange(update.state.doc.toString());
            }
          }),
          [lineNumbers(), history(), drawSelection(), highlightActiveLine()],
          [indentOnInput(), bracketMatching(), closeBrackets(), LANGUAGES[language]?.() ?? []],
          keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
          codeTheme,
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [label, describedBy, language]);

  // A value from outside, such as an earlier submission, replaces the text. The user can undo that.
  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== value) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
    }
  }, [value]);

  return <div className={styles.editor} ref={container} />;
}
