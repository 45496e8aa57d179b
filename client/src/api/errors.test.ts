import { expect, test } from "vitest";
import { errorFrom } from "./errors";

test("an error response keeps its message, request id and field errors", () => {
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

test("a proxy's error page becomes a sentence with the request id of the header", () => {
  const headers = { "X-Request-ID": "from-the-header", "Retry-After": "5" };
  const error = errorFrom(new Response(null, { status: 502, headers }), "<html>Bad gateway</html>");
  expect(error).toMatchObject({
    message: "The service responded with status 502.",
    requestId: "from-the-header",
    retryAfter: 5,
  });
  expect(error.isTemporary).toBe(true);
});

test("a proxy's 413 says that the request is too large", () => {
  const error = errorFrom(new Response(null, { status: 413 }), "<html>Request Entity Too Large</html>");
  expect(error).toMatchObject({ message: "This is too large to send.", isTemporary: false });
});

test("a missing permission does not count as an invalid token, although both are 401", () => {
  const response = new Response(null, { status: 401 });
  expect(errorFrom(response, { message: "Invalid token." }).isInvalidToken).toBe(true);
  expect(errorFrom(response, { message: "You do not have permission to do that." }).isInvalidToken).toBe(
    false,
  );
});
