import type { CaseForm, FieldErrors } from "./caseForm";

interface Props {
  errors: FieldErrors;
  cases: CaseForm[];
}

/** All that is wrong in one place: each stands at its field too, which may be far up. */
export function ErrorList({ errors, cases }: Props) {
  const entries = Object.entries(errors);
  if (entries.length === 0) {
    return null;
  }
  return (
    <div className="notice" role="alert">
      <p>
        <strong>Please mend this:</strong>
      </p>
      <ul>
        {entries.map(([place, sentences]) => (
          <li key={place}>
            {placeName(place, cases)}: {sentences.join(" ")}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Return where a field is, in words: "cases.1.expected" is the field "expected" of the second case. */
function placeName(place: string, cases: CaseForm[]): string {
  const [, number, field] = place.match(/^cases\.(\d+)\.?(.*)$/) ?? [];
  const words = (name: string) => name.replace(/[._]/g, " ");
  if (number === undefined) {
    return words(place);
  }
  const name = cases[Number(number)]?.name || `${Number(number) + 1}`;
  return `case "${name}"${field ? `, ${words(field)}` : ""}`;
}
