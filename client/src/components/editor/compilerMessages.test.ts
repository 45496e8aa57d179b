import { expect, test } from "vitest";
import { compilerMessages } from "./compilerMessages";

test.each([
  [
    "GCC",
    `main.c: In function ‘main’:
main.c:3:5: error: ‘x’ undeclared (first use in this function)
    3 |     x = 1;
      |     ^
main.c:3:5: note: each undeclared identifier is reported only once for each function it appears in
main.c:5:1: warning: control reaches end of non-void function [-Wreturn-type]
`,
    [
      ["error", 3, 5, "‘x’ undeclared (first use in this function)"],
      ["info", 3, 5, "each undeclared identifier is reported only once for each function it appears in"],
      ["warning", 5, 1, "control reaches end of non-void function [-Wreturn-type]"],
    ],
  ],
  [
    "a missing header",
    "main.cpp:1:10: fatal error: nothing.h: No such file or directory\ncompilation terminated.\n",
    [["error", 1, 10, "nothing.h: No such file or directory"]],
  ],
  [
    "Go",
    "main.go:4:2: undefined: x\nmain.go:5:7: declared and not used: y\n",
    [
      ["error", 4, 2, "undefined: x"],
      ["error", 5, 7, "declared and not used: y"],
    ],
  ],
  [
    "javac",
    "Adder.java:3: error: ';' expected\n        int a = 1\n                 ^\n1 error\n",
    [["error", 3, 18, "';' expected"]],
  ],
  [
    "javac, without a line of code",
    "Adder.java:3: warning: [serial] no definition of serialVersionUID\n",
    [["warning", 3, null, "[serial] no definition of serialVersionUID"]],
  ],
  [
    "Mono",
    "main.cs(4,9): error CS0103: The name `x' does not exist in the current context\nCompilation failed: 1 error(s), 0 warnings\n",
    [["error", 4, 9, "The name `x' does not exist in the current context"]],
  ],
  [
    "TypeScript",
    "main.ts(3,12): error TS7006: Parameter 'a' implicitly has an 'any' type.\nstack.ts(1,1): error TS1005: '}' expected.\n",
    [["error", 3, 12, "Parameter 'a' implicitly has an 'any' type."]],
  ],
  [
    "Free Pascal",
    'main.pas(3,8) Error: Identifier not found "x"\nmain.pas(5) Fatal: There were 1 errors compiling module, stopping\nFatal: Compilation aborted\n',
    [["error", 3, 8, 'Identifier not found "x"']],
  ],
  [
    "Rust",
    'error[E0425]: cannot find value `x` in this scope\n --> main.rs:2:20\n  |\n2 |     println!("{}", x);\n  |                    ^ not found in this scope\n\nerror: aborting due to previous error\n',
    [["error", 2, 20, "cannot find value `x` in this scope"]],
  ],
])("messages of %s", (_, printed, expected) => {
  const found = compilerMessages(printed, "public class Adder {}");
  expect(found.map(({ severity, line, column, text }) => [severity, line, column, text])).toEqual(expected);
});

test("messages about other files than the answer are left out", () => {
  const printed = "helper.c:1:1: error: unknown type name ‘x’\nOther.java:2: error: ';' expected\n";
  expect(compilerMessages(printed, "public class Main {}")).toEqual([]);
});

test("GCC counts columns as they are displayed, Go counts bytes", () => {
  const [gcc, go] = compilerMessages("main.c:1:9: error: a\nmain.go:1:2: b\n", "");
  expect([gcc?.tabSize, go?.tabSize]).toEqual([8, 1]);
});

test("text without places has no messages", () => {
  expect(compilerMessages("The compiler needed more than 15 seconds.\n", "")).toEqual([]);
});
