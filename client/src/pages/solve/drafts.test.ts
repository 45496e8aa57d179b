import { beforeEach, expect, test, vi } from "vitest";
import { dropDraft, readDraft, readLanguage, writeDraft, writeLanguage } from "./drafts";
import { stubStorage } from "./stubStorage";

const full = () => {
  throw new DOMException("Full", "QuotaExceededError");
};
const of = (userId: number | null, exerciseId: number, language: string | null = null) => ({
  userId,
  exerciseId,
  language,
});

beforeEach(stubStorage);

test("each user has a draft of each exercise, until it is dropped", () => {
  writeDraft(of(1, 7), "mine");
  writeDraft(of(2, 7), "yours");
  expect([readDraft(of(1, 7)), readDraft(of(2, 7)), readDraft(of(1, 8))]).toEqual(["mine", "yours", null]);
  dropDraft(of(1, 7));
  expect([readDraft(of(1, 7)), readDraft(of(2, 7))]).toEqual([null, "yours"]);
});

test("each language of an exercise has a draft", () => {
  writeDraft(of(1, 7), "in the default language");
  writeDraft(of(1, 7, "c"), "in C");
  expect(["c", "cpp", null].map((language) => readDraft(of(1, 7, language)))).toEqual([
    "in C",
    null,
    "in the default language",
  ]);
  dropDraft(of(1, 7, "c"));
  expect([readDraft(of(1, 7, "c")), readDraft(of(1, 7))]).toEqual([null, "in the default language"]);
});

test("a draft from before the log-in becomes that of the user who logs in, and of nobody else", () => {
  for (const language of [null, "c"]) {
    writeDraft(of(null, 7, language), "early");
    expect(readDraft(of(1, 7, language))).toBe("early");
    expect([null, 2, 1].map((userId) => readDraft(of(userId, 7, language)))).toEqual([null, null, "early"]);
  }
});

test("a user's own draft takes precedence over one from before the log-in", () => {
  writeDraft(of(1, 7), "mine");
  writeDraft(of(null, 7), "early");
  expect(readDraft(of(1, 7))).toBe("mine");
});

test("the language that was chosen last is remembered for each user and exercise", () => {
  writeLanguage(1, 7, "c");
  writeLanguage(1, 7, "java");
  expect([readLanguage(1, 7), readLanguage(1, 8), readLanguage(2, 7)]).toEqual(["java", null, null]);
  writeLanguage(null, 8, "go");
  expect([readLanguage(2, 8), readLanguage(null, 8)]).toEqual(["go", null]);
});

test("writing a draft returns false if the browser cannot store it", () => {
  vi.stubGlobal("localStorage", { getItem: full, setItem: full, removeItem: full });
  expect(writeDraft(of(1, 7), "mine")).toBe(false);
  expect(readDraft(of(1, 7))).toBeNull();
  expect(readLanguage(1, 7)).toBeNull();
});
