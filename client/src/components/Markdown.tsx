import ReactMarkdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import styles from "./Markdown.module.css";
import { ScrollableTable } from "./ScrollableTable";

const COMPONENTS: Components = {
  h1: "h2", // The page has its own h1.
  pre: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll long lines
    <pre tabIndex={0}>{children}</pre>
  ),
  table: ({ children }) => (
    <ScrollableTable label="Table">
      <table>{children}</table>
    </ScrollableTable>
  ),
};

/** Markdown, rendered as elements. HTML in it is shown as text, and unsafe URLs are removed. */
export function Markdown({ text }: { text: string }) {
  return (
    <div className={styles.markdown}>
      <ReactMarkdown remarkPlugins={[remarkGfm]} components={COMPONENTS}>
        {text}
      </ReactMarkdown>
    </div>
  );
}
