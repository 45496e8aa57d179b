/**
 * JSON whose numbers keep all their digits. A test case may expect 25!, of which a JavaScript number keeps 16 digits:
 * opening an exercise and saving it would change the test case.
 */

/** The parts of the "JSON.parse source text access" proposal, which TypeScript does not declare yet. */
interface JsonWithSource {
  rawJSON?: (text: string) => unknown;
  parse: (
    text: string,
    reviver: (key: string, value: unknown, context?: { source?: string }) => unknown,
  ) => unknown;
}

const json = JSON as unknown as JsonWithSource;

/** Parse JSON so that `JSON.stringify` writes each number as it was. Throws SyntaxError. */
export function parseExactly(text: string): unknown {
  return json.parse(text, (_, value, context) => {
    const source = context?.source;
    if (typeof value !== "number" || source === undefined || source === JSON.stringify(value)) {
      return value;
    }
    return json.rawJSON ? json.rawJSON(source) : value;
  });
}
