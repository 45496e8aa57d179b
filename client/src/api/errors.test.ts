import { expect, test } from "vitest";
import { errorFrom } from "./errors";
import { nextCursor, readAll } from "./pagination";

test("a refusal keeps its sentence, request id and fields", () => {
  const body = {
    status: "fail",
    message: "Invalid payload.",
    errors: { email: ["Wrong."] },
    request_id: "abc",
  };
  const error = errorFrom(new Response(null, { status: 400 }), body);
  expect(error).toMatchObject({
    message: "Invalid payload.",
    requestId: "abc",
    fields: { email: ["Wrong."] },
  });
  expect(error.isTemporary).toBe(false);
});

test("a proxy's page becomes a sentence with the request id of the header", () => {
  const headers = { "X-Request-ID": "from-the-header", "Retry-After": "5" };
  const error = errorFrom(new Response(null, { status: 502, headers }), "<html>Bad gateway</html>");
  expect(error).toMatchObject({
    message: "The service answered with status 502.",
    requestId: "from-the-header",
    retryAfter: 5,
  });
  expect(error.isTemporary).toBe(true);
});

test("what a proxy finds too large is said to be that", () => {
  const error = errorFrom(new Response(null, { status: 413 }), "<html>Request Entity Too Large</html>");
  expect(error).toMatchObject({ message: "This is too large to be sent.", isTemporary: false });
});

test("a missing permission is no invalid token, although both are 401", () => {
  const answer = new Response(null, { status: 401 });
  expect(errorFrom(answer, { message: "Invalid token." }).isInvalidToken).toBe(true);
  expect(errorFrom(answer, { message: "You do not have permission to do that." }).isInvalidToken).toBe(false);
});

test("a list is read to its last page", async () => {
  const pages: Record<string, { next: string | null; rows: number[] }> = {
    first: { next: "/things?limit=2&cursor=A%3D", rows: [1, 2] },
    "A=": { next: null, rows: [3] },
  };
  const read = async (cursor = "first") => pages[cursor] ?? { next: null, rows: [] };
  expect(await readAll(read, (page) => page.rows)).toEqual([1, 2, 3]);
  expect(nextCursor({ next: null })).toBeUndefined();
});
