import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const SRC = join(import.meta.dirname, "..");

test("no query key is written out outside queryKeys.ts", () => {
  const withKeys = readdirSync(SRC, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path) && !path.includes(".test."))
    .filter((path) => /queryKey: \[/.test(readFileSync(join(SRC, path), "utf8")));
  expect(withKeys).toEqual([]);
});
