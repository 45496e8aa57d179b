import type { ExerciseData } from "../../api/schema";
import { plural } from "../../components/format";
import styles from "./Examples.module.css";

type Case = ExerciseData["cases"][number];

/** What is asked and expected, of the cases that learners may see. */
export function Examples({ cases }: { cases: Case[] }) {
  const shown = cases.filter((one) => !one.hidden && asked(one) !== null);
  const hidden = cases.filter((one) => one.hidden).length;
  if (shown.length === 0 && hidden === 0) {
    return null;
  }
  return (
    <section className="stack" aria-labelledby="examples">
      <h2 id="examples">Examples</h2>
      {shown.length > 0 && (
        <ul className={styles.examples}>
          {shown.map((one) => (
            <li key={one.name}>
              <p>{one.name}</p>
              <Text text={asked(one)} />
              {one.input_bytes != null && (
                <p className="quiet">The beginning of an input of {one.input_bytes} bytes.</p>
              )}
              <p className="quiet">{one.kind === "call" ? "returns" : "prints"}</p>
              <Text text={one.kind === "call" ? JSON.stringify(one.expected) : String(one.expected)} />
            </li>
          ))}
        </ul>
      )}
      {hidden > 0 && <p className="quiet">And {plural(hidden, "hidden case")}.</p>}
    </section>
  );
}

/** As long as it likes: it scrolls, so that the editor is not far below. */
function Text({ text }: { text: string | null }) {
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text is scrolled with the keyboard too
  return <pre tabIndex={0}>{text}</pre>;
}

/** Return the call or the input, as a learner would write it. */
function asked({ kind, input, function: name, arguments: values, keywords }: Case): string | null {
  if (kind === "call" && name) {
    const named = Object.entries(keywords ?? {}).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
    return `${name}(${[...(values ?? []).map((value) => JSON.stringify(value)), ...named].join(", ")})`;
  }
  return kind === "stdin" ? (input ?? null) : null;
}
