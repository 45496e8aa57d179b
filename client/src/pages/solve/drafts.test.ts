import { beforeEach, expect, test, vi } from "vitest";
import { dropDraft, readDraft, writeDraft } from "./drafts";

const full = () => {
  throw new DOMException("Full", "QuotaExceededError");
};

beforeEach(() => {
  const stored = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  });
});

test("each user has a draft of each exercise, until it is dropped", () => {
  writeDraft(1, 7, "mine");
  writeDraft(2, 7, "yours");
  expect([readDraft(1, 7), readDraft(2, 7), readDraft(1, 8)]).toEqual(["mine", "yours", null]);
  dropDraft(1, 7);
  expect([readDraft(1, 7), readDraft(2, 7)]).toEqual([null, "yours"]);
});

test("a draft from before the log-in becomes that of the user who logs in, and of nobody else", () => {
  writeDraft(null, 7, "early");
  expect(readDraft(1, 7)).toBe("early");
  expect([readDraft(null, 7), readDraft(2, 7), readDraft(1, 7)]).toEqual([null, null, "early"]);
});

test("a user's own draft takes precedence over one from before the log-in", () => {
  writeDraft(1, 7, "mine");
  writeDraft(null, 7, "early");
  expect(readDraft(1, 7)).toBe("mine");
});

test("writing a draft returns false if the browser cannot store it", () => {
  vi.stubGlobal("localStorage", { getItem: full, setItem: full, removeItem: full });
  expect(writeDraft(1, 7, "mine")).toBe(false);
  expect(readDraft(1, 7)).toBeNull();
});
