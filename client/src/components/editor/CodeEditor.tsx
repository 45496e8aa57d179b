import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { Compartment, EditorState, type Extension, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useEffectEvent, useRef } from "react";
import type { DiagnosticData } from "../../api/schema";
import styles from "./CodeEditor.module.css";
import { indentation, loadCodeLanguage } from "./codeLanguages";
import { codeTheme } from "./codeTheme";

export interface CodeEditorProps {
  label: string;
  describedBy?: string;
  language: string;
  value: string;
  /** What a compiler reported about the text. The places are marked. */
  diagnostics?: DiagnosticData[];
  /** The name of the text's file, if it is not the answer itself: what is reported about that one is marked. */
  fileName?: string;
  /** Whether the text can only be read. */
  readOnly?: boolean;
  onChange?: (value: string) => void;
  onSubmit?: () => void;
  onRun?: () => void;
}

/** What can change while the editor is open, with its text and its history. */
const attributesOf = new Compartment();
const languageOf = new Compartment();

function attributes(label: string, describedBy: string | undefined): Extension {
  return EditorView.contentAttributes.of({
    "aria-label": label,
    tabindex: "0",
    ...(describedBy && { "aria-describedby": describedBy }),
  });
}

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
  diagnostics,
  fileName,
  readOnly = false,
  onChange,
  onSubmit,
  onRun,
}: CodeEditorProps) {
  const container = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const handleChange = useEffectEvent((text: string) => text !== value && onChange?.(text));
  const submit = useEffectEvent(() => onSubmit?.());
  const run = useEffectEvent(() => onRun?.());
  const initialValue = useEffectEvent(() => value);
  const isReadOnly = useEffectEvent(() => readOnly);

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
          attributesOf.of([]),
          EditorState.readOnly.of(isReadOnly()),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) {
              handleChange(update.state.doc.toString());
            }
          }),
          [lineNumbers(), history(), drawSelection(), highlightActiveLine()],
          [indentOnInput(), bracketMatching(), closeBrackets(), languageOf.of([])],
          keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
          codeTheme,
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, []);

  useEffect(() => {
    view.current?.dispatch({ effects: attributesOf.reconfigure(attributes(label, describedBy)) });
  }, [label, describedBy]);

  useEffect(() => {
    let current = true;
    const configure = (support: Extension) => {
      if (current) {
        view.current?.dispatch({ effects: languageOf.reconfigure([indentation(language), support]) });
      }
    };
    configure([]);
    loadCodeLanguage(language).then(configure, () => {}); // Offline: the text stays plain.
    return () => {
      current = false;
    };
  }, [language]);

  // A value from outside, such as an earlier submission, replaces the text. The user can undo that.
  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== value) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
    }
  }, [value]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || !diagnostics?.length) {
      return;
    }
    let current = true;
    let unmark = () => {};
    import("./markDiagnostics").then(
      ({ markDiagnostics }) => {
        if (current) {
          unmark = markDiagnostics(editor, diagnostics, fileName);
        }
      },
      () => {}, // Offline: the result below shows the messages too.
    );
    return () => {
      current = false;
      unmark();
    };
  }, [diagnostics, fileName]);

  return <div className={styles.editor} ref={container} />;
}
