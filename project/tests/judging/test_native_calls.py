"""Calls of functions of answers in native languages, also of answers that interfere with the harness."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from project.judging import source_text
from project.judging.compiling import Compiler
from project.judging.judge import Judge
from project.judging.languages import LANGUAGES
from project.judging.problems import Case, Problem
from project.judging.program_cache import ProgramCache
from project.judging.results import CaseResult, for_learner
from project.sandbox.limits import MIB, Limits
from project.tests.judging.cases import calling, reading, single, verdicts
from project.tests.sandbox.shared_sandboxes import shared_sandboxes

ANSWERS = Path(__file__).parent / "called"
FILES = {
    "cpp": "answer.cpp",
    "java": "Answer.java",
    "go": "answer.go",
    "nodejs": "answer.js",
    "typescript": "answer.ts",
}
ALL = pytest.mark.parametrize("language", FILES)
JAVA_NAMES = {"long_text": "longText"}
TEXT = 'é😀\\"\u0001'
INFINITE = {"$float": "inf"}

# What every language can do: the function, its arguments, and the value that it returns.
VALUES = [
    ("add", (2, 3), 5),
    ("add", (2.0, 3), 5),
    ("greet", (TEXT,), f'Hé "{TEXT}"\n\u0001'),
    ("table", ({"a": [1, 2.5], "é": []},), {"a": [1, 2.5], "é": [], "b": [0.1, 1e300, 5]}),
    ("grid", (2,), [[1, 1], [1, 1]]),
    ("maybe", (None,), None),
    ("maybe", (5,), 5),
    ("negated", (False,), True),
    ("printing", ([1],), None),
]
# What each can do besides.
OWN_VALUES = {
    "cpp": [
        ("divided", (1, 0), INFINITE),
        ("divided", (INFINITE, INFINITE), {"$float": "nan"}),
        ("with_one", ({"$set": [3, 2]},), {"$set": [3, 1, 2]}),
        ("pieces", ("ab", "c"), ["abc", "a"]),
        ("same", ([True, [0, 255]],), [True, [0, 255]]),
        ("flags", ([False],), [False, True]),
        ("no_text", (), "\ufffd" * 6 + "."),
        ("largest", (), 9223372036854775807),
    ],
    "java": [
        ("divided", (1, 0), INFINITE),
        ("divided", (INFINITE, INFINITE), {"$float": "nan"}),
        ("withOne", ({"$set": [3, 2]},), {"$set": [3, 1, 2]}),
        ("first", (["a", "b"],), "a"),
        ("same", ({"1": [2.5, None, {"a": 10**20}]},), {"1": [2.5, None, {"a": 10**20}]}),
        ("sum", ([1, 2],), 3),
        ("overloaded", (5,), 1),
        ("overloaded", ("x",), 2),
    ],
    "go": [
        ("divided", (1, 0), INFINITE),
        ("pair", (5,), [5, "x"]),
        ("bytes", ([0, 255],), [0, 255]),
        ("letter", ("é",), "é"),
        ("sum", ([1, 2],), 3),
        ("no_text", (), "\ufffd"),
    ],
    "nodejs": [
        ("with_one", ({"$set": [3, 2]},), {"$set": [3, 1, 2]}),
        ("counting", ([1, 2],), {"$generator": [1, 2]}),
        ("exported", (), 7),
    ],
    "typescript": [
        ("with_one", ({"$set": [3, 2]},), {"$set": [3, 1, 2]}),
        ("counting", ([1, 2],), {"$generator": [1, 2]}),
        ("exported", (), 7),
    ],
}
# The function, its argument, the exception that is expected, and the verdict.
EXCEPTIONS = {
    "cpp": [
        (-1, {"type": "TooSmall", "message": "negative"}, "accepted"),
        (-1, {"type": "logic_error"}, "accepted"),
        (-1, {"type": "runtime_error"}, "wrong_answer"),
        (0, {"type": "string", "message": "zero"}, "accepted"),
        (1, {"type": "exception"}, "wrong_answer"),
    ],
    "java": [
        (-1, {"type": "TooSmall", "message": "negative"}, "accepted"),
        (-1, {"type": "RuntimeException"}, "accepted"),
        (-1, {"type": "NullPointerException"}, "wrong_answer"),
    ],
    "go": [
        (-1, {"type": "TooSmall", "message": "negative"}, "accepted"),
        (0, {"type": "error", "message": "zero"}, "accepted"),
        (0, {"type": "TooSmall"}, "wrong_answer"),
        (5, {"type": "boundsError"}, "accepted"),
    ],
    "nodejs": [
        (-1, {"type": "TooSmall", "message": "negative"}, "accepted"),
        (-1, {"type": "RangeError"}, "accepted"),
        (0, {"type": "string", "message": "zero"}, "accepted"),
        (1, {"type": "RangeError"}, "wrong_answer"),
    ],
    "typescript": [
        (-1, {"type": "TooSmall", "message": "negative"}, "accepted"),
        (-1, {"type": "RangeError"}, "accepted"),
        (1, {"type": "RangeError"}, "wrong_answer"),
    ],
}
# The function, its arguments, the verdict, and a part of the message. No value is expected that could be accepted.
FAILURES = {
    "cpp": [
        ("add", (2.5, 3), "runtime_error", "`add`: The type of its parameter 1 is not that of the argument."),
        ("add", (2,), "runtime_error", "`add`: It has to accept this number of arguments: 1."),
        ("long_text", (), "runtime_error", "The value is longer than 65536 bytes as JSON."),
        ("checked", (-1,), "runtime_error", "TooSmall: negative"),
        ("forever", (0,), "runtime_error", "segmentation fault"),
        ("leaving", (), "runtime_error", "exit status 0 before the test was finished"),
    ],
    "java": [
        ("add", (2.5, 3), "runtime_error", "The type of parameter 1 of `add` is int"),
        ("add", (2,), "runtime_error", "`add` has to accept this number of arguments: 1."),
        ("longText", (), "runtime_error", "The value is longer than 65536 bytes as JSON."),
        ("checked", (-1,), "runtime_error", "TooSmall: negative\n\tat Answer.checked(Answer.java:"),
        ("forever", (0,), "runtime_error", "java.lang.StackOverflowError"),
        ("leaving", (), "runtime_error", "exit status 0 before the test was finished"),
        ("endless", (), "runtime_error", "The value is nested too deeply."),
        ("thread", (), "runtime_error", "The value is no JSON value: it is of type java.lang.Thread."),
        ("surrogate", (), "wrong_answer", ""),
        ("missing", (), "runtime_error", "Your answer defines no method `missing`."),
    ],
    "go": [
        ("add", (2.5, 3), "runtime_error", "The type of parameter 1 of `add` is int"),
        ("add", (2,), "runtime_error", "`add` has to accept this number of arguments: 1."),
        ("long_text", (), "runtime_error", "The value is longer than 65536 bytes as JSON."),
        ("checked", (-1,), "runtime_error", "error: negative"),
        ("checked", (5,), "runtime_error", "panic: runtime error: index out of range"),
        ("forever", (0,), "memory_limit", ""),
        ("leaving", (), "runtime_error", "exit status 0 before the test was finished"),
        ("channel", (), "runtime_error", "The value is no JSON value: it is of type chan int."),
    ],
    "nodejs": [
        ("nothing", (), "runtime_error", "nothing returned undefined."),
        ("long_text", (), "runtime_error", "The value is longer than 65536 bytes as JSON."),
        ("checked", (-1,), "runtime_error", "RangeError: negative\n    at checked (/program/files/main.js:"),
        ("forever", (0,), "runtime_error", "Maximum call stack size exceeded"),
        ("leaving", (), "runtime_error", "exit status 0 before the test was finished"),
        ("never", (), "runtime_error", "exit status 0 before the test was finished"),
        ("endless", (), "runtime_error", "The value is no JSON value"),
        ("missing", (), "runtime_error", "Your answer defines no function `missing`."),
    ],
    "typescript": [
        ("nothing", (), "runtime_error", "nothing returned undefined."),
        ("long_text", (), "runtime_error", "The value is longer than 65536 bytes as JSON."),
        ("checked", (-1,), "runtime_error", "RangeError: negative\n    at checked (/program/files/main.ts:"),
        ("forever", (0,), "runtime_error", "Maximum call stack size exceeded"),
        ("leaving", (), "runtime_error", "exit status 0 before the test was finished"),
        ("missing", (), "runtime_error", "Your answer defines no function `missing`."),
    ],
}
# What an answer writes in place of the harness, and the verdict where 5 is expected.
FORGERIES = [
    ('{"value": 5}', "accepted"),  # it could as well return it: the judge compares it with what it expects
    ('{"value": 6}', "wrong_answer"),
    ("", "runtime_error"),
    ("garbage", "protocol_violation"),
    ('{"value": 5}{"value": 5}', "protocol_violation"),
    ('{"value": 5, "verdict": "accepted"}', "protocol_violation"),
    ('{"verdict": "accepted"}', "protocol_violation"),
    ("[5]", "protocol_violation"),
    ("5", "protocol_violation"),
    ('{"value": ' + "[" * 1000 + "]" * 1000 + "}", "protocol_violation"),
    ('{"value": ' + "9" * 5000 + "}", "protocol_violation"),
    ('{"value": {"$set": 5}}', "wrong_answer"),
    ('{"value": NaN}', "wrong_answer"),
    ('{"raised": {"types": ["Error"], "message": "x"}}', "runtime_error"),
    ('{"raised": {"types": "Error", "message": "x"}}', "protocol_violation"),
    ('{"raised": {"types": [], "message": "x"}}', "protocol_violation"),
    ('{"raised": {"types": ["Error"]}}', "protocol_violation"),
    ('{"failed": "The grader is broken."}', "runtime_error"),
    ('{"failed": ["x"]}', "protocol_violation"),
    ('\ufeff{"value": 5}', "protocol_violation"),
]


# What interferes with the channel to the judge, and its verdict.
INTERFERENCE = [
    ("replying_twice", (), "protocol_violation"),
    ("closing", (), "runtime_error"),
    ("flooding", (), "output_limit"),
    ("dividing", (), "protocol_violation"),
    ("hanging", (), "time_limit"),
]


class Judged(NamedTuple):
    """A case, the verdict that it should have, a part of its error, and its result."""

    case: Case
    verdict: str
    error: str
    result: CaseResult

    @property
    def is_right(self):
        return self.result.verdict == self.verdict and self.error in self.result.error


def cases(language):
    """Return all cases in a language, each with its verdict and a part of its error."""
    of_values = [
        calling(JAVA_NAMES.get(name, name) if language == "java" else name, *given, expected=expected)
        for name, given, expected in VALUES + OWN_VALUES[language]
    ]
    yield from ((case, "accepted", "") for case in of_values)
    for argument, raises, verdict in EXCEPTIONS[language]:
        yield calling("checked", argument, raises=raises), verdict, ""
    for name, given, verdict, error in FAILURES[language]:
        yield calling(name, *given, expected="another"), verdict, error
    for reply, verdict in FORGERIES if language == "cpp" else FORGERIES[:4]:
        yield calling("forging", reply, expected=5), verdict, ""
    for name, given, verdict in INTERFERENCE if language == "cpp" else ():
        yield calling(name, *given, expected=5), verdict, ""


@pytest.fixture(scope="module")
def judge(tmp_path_factory):
    """Provide a judge that has time for many cases."""
    sandboxes = shared_sandboxes(3)
    programs = ProgramCache(tmp_path_factory.mktemp("programs"), 200 * MIB)
    return Judge(sandboxes, seconds=600, compiler=Compiler(sandboxes, programs))


@pytest.fixture(scope="module")
def judged(judge):
    """Provide the results of all cases in a language: they are judged in one submission, which is compiled once."""

    @cache
    def judged(language):
        skip_unless_installed(language)
        all_cases = list(cases(language))
        problem = Problem(
            cases=tuple(case for case, *_ in all_cases),
            language=language,
            limits=Limits(cpu_ms=5000),
            stop_after_time_limits=len(all_cases),
        )
        judgement = judge.judge(problem, (ANSWERS / FILES[language]).read_text())
        return [Judged(*wanted, result) for wanted, result in zip(all_cases, judgement.cases, strict=True)]

    return judged


def skip_unless_installed(language):
    if tool := LANGUAGES[language].native.missing_tool():
        pytest.skip(f"{tool} is not installed")


@ALL
def test_each_call_has_its_verdict(judged, language):
    assert [each for each in judged(language) if not each.is_right] == []


@ALL
def test_what_is_printed_is_not_the_value(judged, language):
    (printing,) = (each.result for each in judged(language) if each.case.function == "printing")
    assert (printing.output.strip(), printing.actual) == ('{"value": 7}', "null")


@ALL
def test_every_failure_has_a_reason(judged, language):
    failed = [each.result for each in judged(language) if each.verdict not in ("accepted", "wrong_answer")]
    assert [result for result in failed if not result.error] == []


@ALL
def test_no_message_shows_the_harness(judged, language):
    shown = [each.result.error for each in judged(language)]
    assert [error for error in shown if "CallHarness" in error or "call." in error] == []


@pytest.mark.parametrize(
    ("language", "answer", "message"),
    [
        ("cpp", "int ad(int a) { return a; }", "the call of add:1:69: error: \u2018::add\u2019 has not been declared"),
        ("cpp", "struct A {};\nint add(A a) { return 1; }", "has a parameter of a type that has no form in JSON"),
        ("cpp", "struct A {};\nA add(int a) { return A(); }", "returns a type that has no form in JSON"),
        ("cpp", "int add(int a) { return a;", "main.cpp:1:16: note: to match this"),
        ("go", "package main\nfunc ad(a int) int { return a }", "the call of add:1: undefined: add"),
        ("typescript", "function add(a: number): string { return a; }", "is not assignable to type 'string'"),
        ("java", "class Main { static int add(int a) { return b; } }", "Main.java:1: error: cannot find symbol"),
    ],
)
def test_an_answer_that_cannot_be_called_does_not_compile(judge, language, answer, message):
    skip_unless_installed(language)
    result = single(judge, answer, calling("add", 2, expected=2), language=language)
    assert result.verdict == "compile_error"
    assert message in result.error


@pytest.mark.parametrize(
    ("language", "answer", "error"),
    [
        ("nodejs", "function add(a { return a }", "SyntaxError: Unexpected token"),
        (
            "nodejs",
            "throw new Error('early')",
            "Error: early\n    at Object.<anonymous> (/program/files/main.js:1:7)\nYour answer ended",
        ),
        ("nodejs", "let add = 5", "Your answer defines no function `add`."),
        ("java", "class A { static int x = 1 / 0; static int add(int a) { return a; } }", "/ by zero\n\tat A.<clinit>"),
        ("cpp", "#include <iostream>\nint x = std::cin.get();\nint add(int a) { return a; }", "has read from standard"),
        ("java", "public class CallHarness { static int add(int a) { return a; } }", "no method `add`"),
        (
            "java",
            "class A { A(int x) {} int add(int a) { return a; } }",
            "A has to have a constructor without parameters.",
        ),
    ],
)
def test_an_answer_that_ends_before_the_call_has_failed(judge, language, answer, error):
    skip_unless_installed(language)
    result = single(judge, answer, calling("add", 2, expected=2), language=language)
    assert result.verdict == "runtime_error"
    assert error in result.error
    assert "harness" not in result.error


@pytest.mark.parametrize(
    ("language", "answer"),
    [
        ("go", "package main\nfunc add(a int) int { return a }\nfunc main() { panic(1) }"),
        ("java", "class A { int add(int a) { return a; } }\nclass B { }"),
        ("nodejs", "import fs from 'fs';\nexport const add = a => a"),
        ("nodejs", "module.exports = { add: a => a } // the end"),
    ],
)
def test_an_answer_may_have_another_form(judge, language, answer):
    skip_unless_installed(language)
    assert verdicts(judge, answer, calling("add", 2, expected=2), language=language) == ["accepted"]


def test_an_exercise_may_have_inputs_and_calls(judge):
    skip_unless_installed("cpp")
    answer = (
        "#include <iostream>\nint add(int a) { return a + 1; }\n"
        "int main() { int a; std::cin >> a; std::cout << add(a); }"
    )
    found = verdicts(
        judge, answer, reading("1", "2"), calling("add", 5, expected=6), language="cpp", shared_sandbox=True
    )
    assert found == ["accepted", "accepted"]
    assert verdicts(judge, "int add(int a) { return a; }", reading("1", "2"), calling("add", 5), language="cpp") == [
        "compile_error",
        "not_run",
    ]


def test_what_a_learner_sees_of_a_call_is_in_their_language(judge):
    skip_unless_installed("nodejs")
    result = single(judge, "const f = x => x", calling("f", {"$set": [True, None]}, expected=[None]), language="nodejs")
    assert (result.call, result.expected, result.actual) == (
        "f(new Set([true, null]))",
        "[null]",
        "new Set([true, null])",
    )
    assert source_text.call("f", [{"$set": [True, None]}, "\u00e9"], {}, "java") == 'f({true, null}, "\u00e9")'


def test_a_hidden_case_shows_nothing_of_its_call(judge):
    skip_unless_installed("nodejs")
    case = calling("f", 77, expected=78, hidden=True)
    result = single(judge, "const f = x => { console.log(x); console.error(x); throw x }", case, language="nodejs")
    shown = for_learner(result.as_json())
    assert shown["verdict"] == "runtime_error"
    assert "77" not in str(shown)
