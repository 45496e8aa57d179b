"""Answers in TypeScript: what the compiler accepts and rejects, and how errors are shown."""

import pytest

from project.judging.compiling import Compiler
from project.judging.judge import Judge
from project.judging.native_languages import NATIVE_LANGUAGES
from project.judging.problems import Problem
from project.tests.judging.cases import calling, reading
from project.tests.sandbox.shared_sandboxes import shared_sandboxes

TYPESCRIPT = NATIVE_LANGUAGES["typescript"]

pytestmark = pytest.mark.skipif(TYPESCRIPT.missing_tool() is not None, reason="tsc is not installed")

LINES = """
import * as readline from "node:readline";
const path = require("path");

interface Total { sum: number }
const total: Total = { sum: 0 };
const lines = readline.createInterface({ input: process.stdin });
lines.on("line", (line) => { for (const word of line.split(" ")) total.sum += Number(word); });
lines.on("close", () => {
  const name: string | undefined = path.basename("/a/b") ?? process.argv[1];
  setTimeout((text: string) => console.log(text), 1, `${name} ${total.sum} ${[1, 2].at(-1)}`);
});
"""
UNTYPED = """
function add(a, b: number) { return a + b }
const total: number = "5";
console.log(add(1, total), missing);
"""
FAILING = """
interface Point { x: number }

function x(point?: Point): number {
  return point!.x;
}
console.log(x());
"""
ADD = """
class TooLarge extends RangeError {
  constructor(readonly size: number) { super(`more than ${size}`); }
}
const LIMIT = 100;
function add(a: number, b: number): number {
  if (a > LIMIT) throw new TooLarge(LIMIT);
  return a + b;
}
export const unique = <T>(values: T[]): Set<T> => new Set(values);
"""


@pytest.fixture
def judged():
    """Return a function that judges an answer, and returns the results of the cases."""
    sandboxes = shared_sandboxes(3)
    judge = Judge(sandboxes, compiler=Compiler(sandboxes))
    return lambda answer, *cases: judge.judge(Problem(cases=cases, language="typescript"), answer).cases


def test_a_program_reads_its_input_with_the_modules_of_node(judged):
    (result,) = judged(LINES, reading("2 3\n5\n", "b 10 2"))
    assert result.verdict == "accepted", result


def test_errors_of_types_are_compile_errors_with_their_places(judged):
    first, second = judged(UNTYPED, reading("1", ""), reading("2", ""))
    assert (first.verdict, second.verdict) == ("compile_error", "not_run")
    assert [line.partition(": ")[0] for line in first.error.splitlines()] == [
        "main.ts(2,14)",
        "main.ts(3,7)",
        "main.ts(4,28)",
    ]
    assert "error TS2322: Type 'string' is not assignable to type 'number'." in first.error


def test_the_stack_of_an_exception_names_lines_of_the_answer(judged):
    (result,) = judged(FAILING, reading("", ""))
    assert result.verdict == "runtime_error"
    assert "at x (/program/files/main.ts:5:17)" in result.error


def test_functions_are_called_whether_they_are_exported_or_not(judged):
    results = judged(
        ADD,
        calling("add", 2, 3, expected=5),
        calling("add", 200, 3, raises={"type": "RangeError", "message": "more than 100"}),
        calling("unique", [1, 1, 2], expected={"$set": [1, 2]}),
        calling("remove", expected=5),
    )
    assert [result.verdict.value for result in results] == ["accepted", "accepted", "accepted", "runtime_error"]
    assert results[2].actual == "new Set([1, 2])"
    assert "Your answer defines no function `remove`." in results[3].error


def test_an_exception_of_a_call_is_shown_without_the_frames_of_the_harness(judged):
    (result,) = judged(ADD, calling("add", 200, 3, expected=5))
    assert result.verdict == "runtime_error"
    assert "call.js" not in result.error
