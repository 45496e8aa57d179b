/** The API's lists come in pages. `next` is the URL of the next page. */

interface Page {
  next: string | null;
}

/** The largest `limit` that the API allows. */
export const MAX_PAGE_SIZE = 1000;

/** Return the cursor of the page after this one. */
export function nextCursor(page: Page): string | undefined {
  if (!page.next) {
    return undefined;
  }
  return new URL(page.next, "http://any.host").searchParams.get("cursor") ?? undefined;
}

/** How an infinite query pages through a list: its `pageParam` is the cursor. */
export const cursorPaging = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: nextCursor,
};

/** Read all pages of a list. `readPage` gets the cursor of a page, which is undefined for the first. */
export async function readAllPages<P extends Page, Row>(
  readPage: (cursor: string | undefined) => Promise<P>,
  rowsOf: (page: P) => Row[],
): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const page: P = await readPage(cursor);
    rows.push(...rowsOf(page));
    cursor = nextCursor(page);
  } while (cursor !== undefined);
  return rows;
}
