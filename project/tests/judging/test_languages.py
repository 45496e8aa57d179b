"""The registry of languages, and answers in JavaScript."""

from dataclasses import replace

import pytest

from project.judging.languages import LANGUAGES
from project.judging.problems import Kind
from project.sandbox import interpreter
from project.tests.judging.cases import calling, printing, reading, single, verdicts

javascript = pytest.mark.skipif(not LANGUAGES["javascript"].available, reason="quickjs is not installed")
ADD = "function add(a, b) { return a + b }"


def ask(judge, answer, *cases):
    return verdicts(judge, answer, *cases, language="javascript")


def test_python_supports_every_kind_but_that_of_sql_and_is_always_available():
    assert LANGUAGES["python"].available
    assert LANGUAGES["python"].kinds == set(Kind) - {Kind.SQL}
    assert LANGUAGES["sql"].kinds == {Kind.SQL}


def test_a_language_that_needs_what_is_not_installed_is_not_available():
    assert not replace(LANGUAGES["javascript"], extension="_nowhere").available
    assert LANGUAGES["python"].available


def test_an_unknown_language_is_not_a_failure_of_the_sandbox(judge):
    assert verdicts(judge, "x", printing("1", "1"), language="cobol") == ["runtime_error"]


def test_a_third_language_needs_only_an_entry_in_each_registry(judge, tmp_path, monkeypatch):
    """The language is Python in capital letters; its runtime is loaded with the others."""
    inside = tmp_path / "inside"
    inside.symlink_to(interpreter.MAIN.parent)
    script = tmp_path / "main.py"
    script.write_text(
        "import sys\n"
        f"sys.path.insert(0, {str(tmp_path)!r})\n"
        "from inside import languages\n"
        "class Shouting(languages.PythonRuntime):\n"
        "    def load(self, answer, *more): super().load(answer.lower(), *more)\n"
        "languages.RUNTIMES['shouting'] = Shouting\n"
        f"exec(compile(open({str(interpreter.MAIN)!r}).read(), {str(interpreter.MAIN)!r}, 'exec'))\n"
    )
    monkeypatch.setattr(interpreter, "MAIN", script)
    own = type(judge)(type(judge._sandboxes)(minimum=1))  # noqa: SLF001
    try:
        answer = "DEF ADD(A, B): RETURN A + B"
        result = single(own, answer, calling("add", 1, 2, expected=3), language="shouting")
        assert result.verdict == "accepted", result
    finally:
        own._sandboxes.close()  # noqa: SLF001


@javascript
def test_javascript_supports_three_kinds(judge):
    code = "print(add(2, 3)); console.log([1, 'a'], {b: 2})"
    assert ask(judge, ADD, printing(code, '5\n[1,"a"] {"b":2}')) == ["accepted"]
    assert ask(judge, ADD, calling("add", "a", "b", expected="ab"), calling("add", 1, 2, expected=4)) == [
        "accepted",
        "wrong_answer",
    ]
    program = "let sum = 0, line; while ((line = readline()) !== null) sum += Number(line); print(sum)"
    assert ask(judge, program, reading("1\n2\n3", "6")) == ["accepted"]
    assert ask(judge, "print(readAll().length)", reading("añ\n", "3")) == ["accepted"]


LONG = "let text = ''; for (let i = 0; i < 20000; i++) text += 'x';"


@javascript
@pytest.mark.parametrize(
    ("program", "output"),
    [
        (f"{LONG} print(text)", "x" * 20_000),
        (LONG, ""),  # its value is a text that the engine has not concatenated yet
        ("var most = 10n ** 6000n", ""),
        ("print('a\\0b', '\\ud800')", "a\0b \ufffd"),
        ("print([1], {a: null}, undefined, 1n, Symbol('s'))", '[1] {"a":null} undefined 1 Symbol(s)'),
    ],
)
def test_javascript_prints_any_text(judge, program, output):
    assert ask(judge, program, reading("", output)) == ["accepted"]


@javascript
def test_arguments_are_passed_to_javascript_unchanged(judge):
    own_keys = "const f = value => [Object.keys(value), Object.getPrototypeOf(value) === Object.prototype]"
    assert ask(judge, own_keys, calling("f", {"__proto__": {}}, expected=[["__proto__"], True])) == ["accepted"]
    assert ask(judge, "const f = text => text", calling("f", "\u2028é", expected="\u2028é")) == ["accepted"]


@javascript
@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("function f( {", "syntax_error"),
        ("throw new Error('mine')", "runtime_error"),
        ("nothing.at.all", "runtime_error"),
        ("function f() { return undefined }", "runtime_error"),
        ("function f() { return () => 1 }", "runtime_error"),
        ("function f() { const a = []; a.push(a); return a }", "runtime_error"),
        ("function f() { return 10n }", "runtime_error"),
        ("function f() { return {toJSON() { throw 1 }} }", "runtime_error"),
        ("function f() { return {toJSON() { return 5 }} }", "accepted"),
        ("function f() { return new Proxy([], {get() { throw 1 }}) }", "runtime_error"),
        ("function f() { return NaN }", "wrong_answer"),
        ("function f() { return 5 }", "accepted"),
        ("const f = () => 5", "accepted"),
        ("function f() { return 'x'.repeat(200_000) }", "runtime_error"),
        ("JSON.stringify = () => '{'; function f() { return 1 }", "runtime_error"),
        ("JSON.stringify = () => 5; function f() { return 1 }", "runtime_error"),
        ("function f() { let a = []; for (let i = 0; i < 5000; i++) a = [a]; return a }", "runtime_error wrong_answer"),
        ("JSON.stringify = () => '1e999'; function f() { return 1 }", "wrong_answer"),
        ("JSON.stringify = () => 10n ** 9999n; function f() { return 1 }", "runtime_error"),
        ("async function f() { return 5 }", "wrong_answer"),
        ("function f() { return '\\ud800' }", "wrong_answer runtime_error"),
    ],
)
def test_a_call_in_javascript_gets_a_verdict(judge, answer, verdict):
    assert ask(judge, answer, calling("f", expected=5))[0] in verdict.split()


@javascript
def test_javascript_has_no_keyword_arguments_and_no_test_modules(judge):
    assert ask(judge, ADD, calling("add", expected=1, keywords={"a": 1})) == ["runtime_error"]


@javascript
def test_an_error_in_javascript_has_its_position(judge):
    result = single(judge, "function f() { null.x }", calling("f"), language="javascript")
    assert "TypeError" in result.error
