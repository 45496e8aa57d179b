import { difference, type Line, type Part } from "./lineDiff";

interface Props {
  expected: string;
  actual: string;
}

const SIDES = {
  both: { sign: " ", words: "" },
  expected: { sign: "−", words: "Expected: " },
  actual: { sign: "+", words: "Yours: " },
};

/** What was expected beside what came, with the lines and words that differ. Signs and words say it too, not colour alone. */
export function OutputDiff({ expected, actual }: Props) {
  return (
    <figure className="difference">
      <figcaption>
        <span className="expected">− expected</span> <span className="actual">+ yours</span>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long line is scrolled with the keyboard too */}
      <pre tabIndex={0}>
        {difference(expected, actual).map((line, number) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are never moved
          <DiffLine key={number} line={line} />
        ))}
      </pre>
    </figure>
  );
}

function DiffLine({ line }: { line: Line }) {
  const { sign, words } = SIDES[line.side];
  return (
    <span className={`line ${line.side}`}>
      <span aria-hidden="true">{sign} </span>
      {words && <span className="visually-hidden">{words}</span>}
      {line.parts.map((part, number) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts are never moved
        <DiffPart key={number} part={part} side={line.side} />
      ))}
      {"\n"}
    </span>
  );
}

function DiffPart({ part, side }: { part: Part; side: Line["side"] }) {
  if (!part.changed) {
    return part.text;
  }
  const Tag = side === "expected" ? "del" : "ins";
  return <Tag>{part.text.replace(/ /g, "·").replace(/\t/g, "→")}</Tag>;
}
