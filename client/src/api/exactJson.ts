/**
 * JSON whose numbers keep every digit. A case may expect 25!, of which a number of JavaScript holds the first 16 digits:
 * without this, opening an exercise and saving it would change what it expects.
 */

interface Exact {
  rawJSON?: (text: string) => unknown;
  parse: (
    text: string,
    revive: (key: string, value: unknown, context?: { source?: string }) => unknown,
  ) => unknown;
}

const exact = JSON as unknown as Exact;

/** Return the value of a JSON text. Throws a SyntaxError where it is none. `JSON.stringify` writes it as it was. */
export function parseExactly(text: string): unknown {
  return exact.parse(text, (_, value, context) => {
    const written = context?.source;
    if (typeof value !== "number" || written === undefined || written === JSON.stringify(value)) {
      return value;
    }
    return exact.rawJSON ? exact.rawJSON(written) : value;
  });
}
