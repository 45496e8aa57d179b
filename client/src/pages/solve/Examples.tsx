import type { ExerciseData } from "../../api/schema";
import { plural } from "../../components/format";
import styles from "./Examples.module.css";
import { ResultTable } from "./ResultTable";

type Case = ExerciseData["cases"][number];

/** The calls and inputs of the test cases that are not hidden, with what is expected. */
export function Examples({ cases }: { cases: Case[] }) {
  const shown = cases.filter((testCase) => !testCase.hidden && inputOf(testCase) !== null);
  const hidden = cases.filter((testCase) => testCase.hidden).length;
  if (shown.length === 0 && hidden === 0) {
    return null;
  }
  return (
    <section className="stack" aria-labelledby="examples">
      <h2 id="examples">Examples</h2>
      {shown.length > 0 && (
        <ul className={styles.examples}>
          {shown.map((testCase) => (
            <Example key={testCase.name} testCase={testCase} />
          ))}
        </ul>
      )}
      {hidden > 0 && <p className="quiet">Plus {plural(hidden, "hidden test case")}.</p>}
    </section>
  );
}

/** What comes between the input of an example and what is expected. */
const RESULTS: Partial<Record<Case["kind"], string>> = { call: "returns", sql: "has the result" };

function Example({ testCase }: { testCase: Case }) {
  const { name, kind, expected, input_bytes } = testCase;
  return (
    <li>
      <p>{name}</p>
      <ScrollableText text={inputOf(testCase)} />
      {input_bytes != null && (
        <p className="quiet">This is only the beginning of the input, which has {input_bytes} bytes.</p>
      )}
      <p className="quiet">{RESULTS[kind] ?? "prints"}</p>
      {kind === "sql" ? (
        <ResultTable testCase={testCase} />
      ) : (
        <ScrollableText text={kind === "call" ? JSON.stringify(expected) : String(expected)} />
      )}
    </li>
  );
}

/** A text of any length in a frame of limited height. */
function ScrollableText({ text }: { text: string | null }) {
  // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll a long text
  return <pre tabIndex={0}>{text}</pre>;
}

/** Return the call as code, or the input; null for a test case that has neither. */
function inputOf({
  kind,
  input,
  function: name,
  arguments: values,
  keywords,
  setup,
  query,
}: Case): string | null {
  if (kind === "call" && name) {
    const positional = (values ?? []).map((value) => JSON.stringify(value));
    const named = Object.entries(keywords ?? {}).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
    return `${name}(${[...positional, ...named].join(", ")})`;
  }
  if (kind === "sql") {
    return [setup, query && `-- After the answer:\n${query}`].filter(Boolean).join("\n\n");
  }
  return kind === "stdin" ? (input ?? null) : null;
}
