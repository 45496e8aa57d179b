import { CodeFigure } from "./CodeFigure";
import { type Line, lineDiff, type Part } from "./lineDiff";
import styles from "./OutputDiff.module.css";

interface Props {
  expected: string;
  actual: string;
}

/** The sign and the words of each side, so that the diff does not depend on colour alone. */
const SIDES = {
  both: { sign: " ", words: "" },
  expected: { sign: "−", words: "Expected: " },
  actual: { sign: "+", words: "Yours: " },
};

/** The expected and the actual output, with the lines and words that differ. */
export function OutputDiff({ expected, actual }: Props) {
  const caption = (
    <>
      <span className={styles.expectedKey}>− expected</span> <span className={styles.actualKey}>+ yours</span>
    </>
  );
  return (
    <CodeFigure caption={caption}>
      {lineDiff(expected, actual).map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines keep their order
        <DiffLine key={index} line={line} />
      ))}
    </CodeFigure>
  );
}

function DiffLine({ line }: { line: Line }) {
  const { sign, words } = SIDES[line.side];
  const sideClass = { both: "", expected: styles.expected, actual: styles.actual }[line.side];
  return (
    <span className={`${styles.line} ${sideClass}`}>
      <span aria-hidden="true">{sign} </span>
      {words && <span className="visually-hidden">{words}</span>}
      {line.parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts keep their order
        <DiffPart key={index} part={part} side={line.side} />
      ))}
      {"\n"}
    </span>
  );
}

/** A part of a line. Changed white space is made visible. */
function DiffPart({ part, side }: { part: Part; side: Line["side"] }) {
  if (!part.changed) {
    return part.text;
  }
  const Tag = side === "expected" ? "del" : "ins";
  return <Tag>{part.text.replace(/ /g, "·").replace(/\t/g, "→")}</Tag>;
}
