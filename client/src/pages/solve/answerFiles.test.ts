import { beforeEach, expect, test } from "vitest";
import { languageOfFile, nameError, readFiles, renamed, without, writeFiles } from "./answerFiles";
import { stubStorage } from "./stubStorage";

beforeEach(stubStorage);

test.each(["stack.c", "größen und zahlen.csv", "Makefile", "a_1.py"])("%s is the name of a file", (name) => {
  expect(nameError(name, ["other.c"])).toBeNull();
});

test.each(["", "other.c", "a/b.c", "..\\a", ".hidden", "..", "a b.py", "1.py", "a\u0000b", "x".repeat(101)])(
  "%j is not the name of a new file",
  (name) => {
    expect(nameError(name, ["other.c"])).toMatch(/\.$/);
  },
);

test("a renamed file keeps its text and its place", () => {
  const files = { "a.c": "1", "b.c": "2", "c.c": "3" };
  expect(Object.entries(renamed(files, "b.c", "x.c"))).toEqual([
    ["a.c", "1"],
    ["x.c", "2"],
    ["c.c", "3"],
  ]);
  expect(without(files, "b.c")).toEqual({ "a.c": "1", "c.c": "3" });
});

test("data is plain text in the editor, and all else is code", () => {
  expect(["words.txt", "table.CSV", "words"].map((name) => languageOfFile(name, "c"))).toEqual([
    "text",
    "text",
    "text",
  ]);
  expect(["stack.c", "stack.h"].map((name) => languageOfFile(name, "c"))).toEqual(["c", "c"]);
});

test("the files of each user, exercise and language are stored until there are none", () => {
  const mine = { userId: 1, exerciseId: 7, language: "c" };
  writeFiles(mine, { "a.c": "1" });
  const others = [{ userId: 2 }, { exerciseId: 8 }, { language: "cpp" }].map((other) => ({
    ...mine,
    ...other,
  }));
  expect([mine, ...others].map(readFiles)).toEqual([{ "a.c": "1" }, {}, {}, {}]);
  writeFiles(mine, {});
  expect(readFiles(mine)).toEqual({});
});

test.each(["no JSON", "null", "5", '{"a.c": 5}'])("a stored draft that is %s has no files", (stored) => {
  localStorage.setItem("draft:1:7:c:files", stored);
  expect(readFiles({ userId: 1, exerciseId: 7, language: "c" })).toEqual({});
});
