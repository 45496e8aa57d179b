"""Finding the places that compilers and interpreters report."""

import time
from dataclasses import astuple

import pytest

from project.judging.diagnostics import MAX_DIAGNOSTICS, MAX_MESSAGE, DiagnosticPattern
from project.judging.languages import LANGUAGES
from project.judging.native_languages import NATIVE_LANGUAGES
from project.judging.problems import Problem
from project.sandbox.limits import Limits
from project.tests.judging.cases import calling, printing

PATTERNS = {
    **{name: native.diagnostics for name, native in NATIVE_LANGUAGES.items() if native.diagnostics},
    **{name: language.diagnostics for name, language in LANGUAGES.items() if language.diagnostics},
}


def found(language, printed, sources=None):
    return [astuple(diagnostic) for diagnostic in PATTERNS[language].diagnostics(printed, sources or {})]


def test_gcc():
    printed = """main.c: In function 'main':
main.c:3:5: error: 'x' undeclared (first use in this function)
    3 |     x = 1;
      |     ^
main.c:3:5: note: each undeclared identifier is reported only once for each function it appears in
main.c:5:1: warning: control reaches end of non-void function [-Wreturn-type]
main.c:1:10: fatal error: nothing.h: No such file or directory
compilation terminated.
"""
    assert found("c", printed) == [
        ("main.c", 3, 5, "error", "'x' undeclared (first use in this function)"),
        ("main.c", 3, 5, "note", "each undeclared identifier is reported only once for each function it appears in"),
        ("main.c", 5, 1, "warning", "control reaches end of non-void function [-Wreturn-type]"),
        ("main.c", 1, 10, "error", "nothing.h: No such file or directory"),
    ]


def test_go():
    assert found("go", "main.go:4:2: undefined: x\nmain.go:5:7: declared and not used: y\n") == [
        ("main.go", 4, 2, "error", "undefined: x"),
        ("main.go", 5, 7, "error", "declared and not used: y"),
    ]


def test_javac():
    printed = """Adder.java:3: error: ';' expected
        int a = 1
                 ^
Adder.java:4: error: cannot find symbol
\tint b = c;
\t        ^
  symbol:   variable c
  location: class Adder
Adder.java:5: warning: [serial] no definition of serialVersionUID
error: warnings found and -Werror specified
2 errors
1 warning
"""
    source = "\n\n        int a = 1\n\tint b = c;\n"
    assert found("java", printed, {"Adder.java": source}) == [
        ("Adder.java", 3, 18, "error", "';' expected"),
        ("Adder.java", 4, 10, "error", "cannot find symbol"),
        ("Adder.java", 5, None, "warning", "[serial] no definition of serialVersionUID"),
    ]


def test_mono():
    printed = "main.cs(4,9): error CS0103: The name `x' does not exist\nCompilation failed: 1 error(s), 0 warnings\n"
    assert found("csharp", printed) == [("main.cs", 4, 9, "error", "The name `x' does not exist")]


def test_typescript():
    printed = "main.ts(3,12): error TS7006: Parameter 'a' implicitly has an 'any' type.\n  More about it.\n"
    assert found("typescript", printed) == [("main.ts", 3, 12, "error", "Parameter 'a' implicitly has an 'any' type.")]


def test_free_pascal():
    printed = (
        'main.pas(3,8) Error: Identifier not found "x"\n'
        'main.pas(4,3) Warning: (5036) Local variable "y" does not seem to be initialized\n'
        "main.pas(5) Fatal: There were 1 errors compiling module, stopping\nFatal: Compilation aborted\n"
    )
    assert found("pascal", printed) == [
        ("main.pas", 3, 8, "error", 'Identifier not found "x"'),
        ("main.pas", 4, 3, "warning", 'Local variable "y" does not seem to be initialized'),
    ]


def test_rust():
    printed = (
        "warning: unused variable: `y`\n --> main.rs:1:9\n  |\n1 | let y = 1;\n\n"
        "error[E0425]: cannot find value `x` in this scope\n --> main.rs:2:20\n  |\n"
        '2 |     println!("{}", x);\n  |                    ^ not found\n\nerror: aborting due to previous error\n'
    )
    assert found("rust", printed) == [
        ("main.rs", 1, 9, "warning", "unused variable: `y`"),
        ("main.rs", 2, 20, "error", "cannot find value `x` in this scope"),
    ]


@pytest.mark.parametrize(
    ("language", "answer", "line", "column", "message"),
    [
        ("python", "x = 1\nif x:\n    y = (1\n", 3, 9, "SyntaxError: '(' was never closed"),
        ("python", "\ufeffdef add(a, b:\n    pass\n", 1, 8, "SyntaxError: '(' was never closed"),
        (
            "python",
            "if 1:\nx = 2\n",
            2,
            1,
            "IndentationError: expected an indented block after 'if' statement on line 1",
        ),
        ("python", "x = 1\0", None, None, ""),
        ("javascript", "let x = 1;\nfunction f( {", 2, None, "SyntaxError: "),
    ],
)
def test_a_syntax_error_of_the_interpreter_has_its_place(judge, language, answer, line, column, message):
    for case in (printing("print(1)"), calling("add", 1, 2)):
        judgement = judge.judge(Problem(cases=(case,), language=language), answer)
        assert judgement.verdict == "syntax_error"
        places = [(found.file, found.line, found.severity) for found in judgement.diagnostics]
        assert places == ([(f"answer{LANGUAGES[language].suffix}", line, "error")] if line else [])
        for diagnostic in judgement.diagnostics:
            assert diagnostic.message.startswith(message)
            assert column in (None, diagnostic.column)
        assert judgement.compilation is None


def test_columns_in_bytes_become_columns_in_characters():
    source = 'puts("ä🦔"); x;'
    column = len(source.partition("x")[0].encode()) + 1
    printed = f"main.c:1:{column}: error: one\nother.c:1:{column}: error: two\nmain.c:9:3: error: three\n"
    columns = [place[2] for place in found("c", printed, {"main.c": source})]
    assert columns == [source.index("x") + 1, column, 3]


def test_directories_are_cut_off():
    printed = (
        "/usr/include/c++/12/bits/stl_algo.h:9:8: error: no match\n./-x.c:1:1: error: bad\nlib/a.h:1:1: error: bad\n"
    )
    names = [place[0] for place in found("c", printed, {"-x.c": "", "lib/a.h": ""})]
    assert names == ["stl_algo.h", "-x.c", "lib/a.h"]


def test_the_number_of_diagnostics_is_limited_and_errors_go_first():
    warnings = "".join(f"main.c:{line}:1: warning: careful\n" for line in range(1, 500))
    places = found("c", f"{warnings}main.c:600:1: error: wrong\n{warnings}")
    assert len(places) == MAX_DIAGNOSTICS
    assert places[-1][:4] == ("main.c", 600, 1, "error")
    assert [place[1] for place in places[:3]] == [1, 2, 3]


def test_texts_are_safe_and_short():
    ((file, line, column, _, message),) = found("c", f"{'f' * 999}:1:0: error: \0\udcff\u202e{'m' * 9999}\n")
    assert (file, line, column) == ("f" * 255, 1, None)
    assert len(message) == MAX_MESSAGE
    assert message.startswith("\\x00?\\u202em")


@pytest.mark.parametrize("number", ["9" * 10, "9" * 60_000, "0"])
def test_a_line_with_an_impossible_number_is_none(number):
    assert found("c", f"main.c:{number}:1: error: wrong\n") == []
    assert found("c", f"main.c:7:{number}: error: wrong\n")[0][:3] == ("main.c", 7, None)


def hostile(size):
    """Return texts that make a pattern with backtracking slow."""
    yield "a:" * (size // 2)
    yield "a:1:1:" * (size // 6)
    yield "main.c:1:1: error: " * (size // 19)
    yield "main.c:1:1: error: x\n" * (size // 21)
    yield "a" * size
    yield " " * size
    yield "\n" * size
    yield "main.java:1: error: x\n" + " " * size
    yield ("main.java:1: error: x\n" + " " * 40 + "\n") * (size // 62)
    yield "error: " * (size // 7)
    yield ("error: x\n" + " " * 80) * (size // 90)
    yield '  File "answer.py", line 1\n' * (size // 27)
    yield '  File "answer.py", line 1\n    ' + " " * size
    yield "SyntaxError: x\n" * (size // 15)
    yield "main.pas(" * (size // 9)


@pytest.mark.parametrize("language", PATTERNS)
def test_hostile_messages_are_searched_in_little_time(language):
    """Twice the output limit, since a compiler has two outputs. A pattern with backtracking needs minutes."""
    began = time.process_time()
    for text in hostile(2 * Limits().output_bytes):
        assert len(PATTERNS[language].diagnostics(text, {"main.c": "x\n" * 1000})) <= MAX_DIAGNOSTICS
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(?P<line>", "missing"),
        (r"(?P<line>\d+)", "no group message"),
        (r"(?P<line>\d+)(?P<message>.)(?P<text>.)", "unknown group text"),
        (r"(?P<line>\d+)(?P<message>.)\1", "invalid escape"),
    ],
)
def test_an_invalid_pattern_is_refused(pattern, reason):
    with pytest.raises(ValueError, match=reason):
        DiagnosticPattern(pattern=pattern)


def test_a_pattern_that_finds_no_number_finds_nothing():
    pattern = DiagnosticPattern(pattern="^(?P<line>.*):(?P<message>.*)$")
    assert [(found.line, found.message) for found in pattern.diagnostics("one:x\n:y\n²:z\n3:w\n", {})] == [(3, "w")]
