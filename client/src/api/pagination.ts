/** Lists come in pages: `next` is the address of the next one. */

export interface Page {
  next: string | null;
}

/** The most that the service puts on a page. */
export const MAX_PAGE_SIZE = 1000;

/** Return the cursor of the page after this one. */
export function nextCursor(page: Page): string | undefined {
  if (!page.next) {
    return undefined;
  }
  return new URL(page.next, "http://same.origin").searchParams.get("cursor") ?? undefined;
}

/** Read a whole list, page after page. `read` takes the cursor of the page to read. */
export async function readAll<P extends Page, Row>(
  read: (cursor: string | undefined) => Promise<P>,
  rowsOf: (page: P) => Row[],
): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const page: P = await read(cursor);
    rows.push(...rowsOf(page));
    cursor = nextCursor(page);
  } while (cursor !== undefined);
  return rows;
}
