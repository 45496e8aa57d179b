import { lazy, Suspense } from "react";
import type { CodeEditorProps } from "./CodeEditor";
import styles from "./LazyCodeEditor.module.css";

const CodeEditor = lazy(async () => ({ default: (await import("./CodeEditor")).CodeEditor }));

/** The code editor, whose code is loaded when it is first shown. Until then the text is shown in its place. */
export function LazyCodeEditor(props: CodeEditorProps) {
  return (
    <div className={styles.frame}>
      <Suspense fallback={<pre className={styles.placeholder}>{props.value}</pre>}>
        <CodeEditor {...props} />
      </Suspense>
    </div>
  );
}
