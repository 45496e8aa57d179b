import { expect, test } from "vitest";
import { nextCursor, readAllPages } from "./pagination";

test("a list is read to its last page", async () => {
  const pages: Record<string, { next: string | null; rows: number[] }> = {
    first: { next: "/things?limit=2&cursor=A%3D", rows: [1, 2] },
    "A=": { next: null, rows: [3] },
  };
  const readPage = async (cursor = "first") => pages[cursor] ?? { next: null, rows: [] };
  expect(await readAllPages(readPage, (page) => page.rows)).toEqual([1, 2, 3]);
  expect(nextCursor({ next: null })).toBeUndefined();
});
