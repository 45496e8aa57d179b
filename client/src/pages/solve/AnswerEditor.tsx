import { useId } from "react";
import type { ExerciseData } from "../../api/schema";
import type { CodeEditorProps } from "../../components/editor/CodeEditor";
import { LazyCodeEditor } from "../../components/editor/LazyCodeEditor";
import styles from "./AnswerEditor.module.css";
import { canAddFile, languageOfFile } from "./answerFiles";
import { FileTabs } from "./FileTabs";
import type { FilesOfAnswer } from "./useFiles";

interface Props extends CodeEditorProps {
  supportFiles: ExerciseData["support_files"];
  others: FilesOfAnswer;
  /** Whether answers in this language can have other files. */
  hasFiles: boolean;
}

/** The editor of the answer, with a tab for each file beside it. Files of the exercise can only be read. */
export function AnswerEditor({ supportFiles, others, hasFiles, ...editor }: Props) {
  const { files, selected, select } = others;
  const panelId = useId();
  const given = Object.keys(supportFiles);
  const hasTabs = hasFiles && Object.keys(files).length + given.length > 0;
  return (
    <>
      {hasFiles && (
        <FileTabs
          panelId={panelId}
          files={Object.keys(files)}
          supportFiles={given}
          selected={selected}
          canAdd={canAddFile(files)}
          onSelect={select}
          onAdd={others.add}
          onRename={others.rename}
          onDelete={others.remove}
        />
      )}
      <div id={panelId} {...(hasTabs && { role: "tabpanel", "aria-label": selected ?? "Answer" })}>
        <Panel editor={editor} supportFiles={supportFiles} others={others} />
      </div>
    </>
  );
}

interface PanelProps extends Pick<Props, "supportFiles" | "others"> {
  editor: CodeEditorProps;
}

function Panel({ editor, supportFiles, others }: PanelProps) {
  const { files, selected, write } = others;
  if (selected === null) {
    return <LazyCodeEditor key={editor.language} {...editor} />; // The text of another language is not in the history.
  }
  const language = languageOfFile(selected, editor.language);
  const text = files[selected];
  if (text !== undefined) {
    return (
      <LazyCodeEditor
        {...editor}
        key={`own ${selected}`}
        label={selected}
        fileName={selected}
        language={language}
        value={text}
        onChange={(changed) => write(selected, changed)}
      />
    );
  }
  const given = supportFiles[selected];
  if (typeof given !== "string") {
    return <p className={styles.noText}>This file is not text. Your program can read it.</p>;
  }
  return (
    <LazyCodeEditor
      key={`given ${selected}`}
      label={`${selected}, read-only`}
      describedBy={editor.describedBy}
      readOnly
      language={language}
      value={given}
    />
  );
}
