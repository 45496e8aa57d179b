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

/** Do it, and tell the editor that the key is dealt with. */
function handled(act: () => void): () => boolean {
  return () => {
    act();
    return true;
  };
}

/** An editor for code. Load it lazily: it is larger than all the rest. */
export function CodeEditor({
  label,
  describedBy,
  language,
  value,
  onChange,
  onSubmit,
  onRun,
}: CodeEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const changed = useEffectEvent((text: string) => text !== value && onChange(text));
  const submit = useEffectEvent(() => onSubmit?.());
  const run = useEffectEvent(() => onRun?.());
  const first = useEffectEvent(() => value);

  useEffect(() => {
    const editor = new EditorView({
      parent: place.current ?? undefined,
      state: EditorState.create({
        doc: first(),
        extensions: [
          Prec.highest(
            keymap.of([
              { key: "Mod-Enter", run: handled(submit) },
              { key: "Mod-Shift-Enter", run: handled(run) },
            ]),
          ),
          EditorView.contentAttributes.of({
            "aria-label": label,
            tabindex: "0",
            ...(describedBy && { "aria-describedby": describedBy }),
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) {
              changed(update.state.doc.toString());
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

  // What comes from outside, such as an earlier submission, replaces the text and can be undone.
  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== value) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
    }
  }, [value]);

  return <div className={styles.editor} ref={place} />;
}
