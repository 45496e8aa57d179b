import type { CaseForm, FieldErrors } from "./caseForm";

interface Props {
  errors: FieldErrors;
  cases: CaseForm[];
}

/** All errors of the form. Each is shown at its field too, which may be far up. */
export function ErrorList({ errors, cases }: Props) {
  const entries = Object.entries(errors);
  if (entries.length === 0) {
    return null;
  }
  return (
    <div className="notice" role="alert">
      <p>
        <strong>Please correct the following:</strong>
      </p>
      <ul>
        {entries.map(([path, messages]) => (
          <li key={path}>
            {fieldName(path, cases)}: {messages.join(" ")}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Return the name of a field from its path: "cases.1.expected" is the field "expected" of the second test case. */
function fieldName(path: string, cases: CaseForm[]): string {
  const [, number, field] = path.match(/^cases\.(\d+)\.?(.*)$/) ?? [];
  const words = (name: string) => name.replace(/[._]/g, " ");
  if (number === undefined) {
    return words(path);
  }
  const name = cases[Number(number)]?.name || `${Number(number) + 1}`;
  return `test case "${name}"${field ? `, ${words(field)}` : ""}`;
}
