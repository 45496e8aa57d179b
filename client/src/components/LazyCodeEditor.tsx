import { lazy, Suspense } from "react";
import type { CodeEditorProps } from "./CodeEditor";
import styles from "./LazyCodeEditor.module.css";

const CodeEditor = lazy(async () => ({ default: (await import("./CodeEditor")).CodeEditor }));

/** The editor, and the room that it will take while its code is on the way. */
export function LazyCodeEditor(props: CodeEditorProps) {
  return (
    <div className={styles.frame}>
      <Suspense fallback={<pre className={styles.placeholder}>{props.value}</pre>}>
        <CodeEditor {...props} />
      </Suspense>
    </div>
  );
}
