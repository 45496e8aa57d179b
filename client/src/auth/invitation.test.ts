import { expect, test } from "vitest";
import { invitationOf } from "./invitation";

test("an invitation is taken from the query or the fragment of a link", () => {
  expect(invitationOf({ search: "?invitation=a-B_c", hash: "" })).toBe("a-B_c");
  expect(invitationOf({ search: "", hash: "#invitation=a-B_c" })).toBe("a-B_c");
  expect(invitationOf({ search: "?other=x", hash: "#top" })).toBe("");
});
