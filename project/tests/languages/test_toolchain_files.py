"""The files that describe native languages."""

import time

import pytest

from project.judging.compiling import Compiler
from project.judging.judge import Judge
from project.judging.native_languages import NATIVE_LANGUAGES, NativeLanguage, ToolMissing, read_languages
from project.judging.problems import Case, Kind, Problem
from project.sandbox.limits import MAX_ANSWER_BYTES, MIB, Limits
from project.sandbox.native import HOST_TOOLS
from project.tests.judging.cases import calling, verdicts
from project.tests.sandbox.shared_sandboxes import shared_sandboxes

AWK = r"""
title = "AWK"
suffix = ".awk"
source = "main.awk"
kinds = ["stdin"]
run = ["awk", "-f", "{program}/main.awk"]
version = ["awk", "-W", "version"]
limits_address_space = true

[smoke]
source = "{ print $1 + $2 }"
input = "2 3\n"
output = "5\n"
"""

SHELL = r"""
title = "Shell"
suffix = ".sh"
source = "main.sh"
kinds = ["stdin", "call"]
run = ["sh", "{program}/main.sh"]
version = ["sh", "-c", "echo 1"]

[call]
file = "call.sh"
function = "{name}) value=$({name}) ;;"
run = ["sh", "{program}/call.sh", "{program}/main.sh"]

[smoke]
source = "cat"
input = "5"
output = "5"
"""
HARNESS = r"""
. "$1"
case $(sed 's/.*"function": "\([a-z]*\)".*/\1/') in
FUNCTIONS
esac
echo "{\"value\": $value}" >&3
"""


@pytest.fixture
def judge():
    return Judge(shared_sandboxes(3))


def of_smoke(language):
    case = Case(name="smoke", kind=Kind.STDIN, input=language.smoke.input, expected=language.smoke.output)
    return Problem(cases=(case,), language=language.name)


@pytest.mark.parametrize("language", NATIVE_LANGUAGES.values(), ids=lambda language: language.name)
def test_the_smoke_program_of_an_installed_language_is_accepted(judge, language):
    if tool := language.missing_tool(HOST_TOOLS):
        pytest.skip(f"{tool} is not installed")
    if language.name == "csharp":
        pytest.skip("Mono needs /proc, which the sandbox does not have")
    judgement = judge.judge(of_smoke(language), language.smoke.source)
    assert judgement.accepted, judgement.cases[0]


def test_a_language_is_added_by_a_file(tmp_path, judge, monkeypatch):
    (tmp_path / "awk.toml").write_text(AWK)
    (language,) = read_languages(tmp_path).values()
    monkeypatch.setitem(NATIVE_LANGUAGES, "awk", language)
    assert judge.judge(of_smoke(language), language.smoke.source).accepted
    assert Compiler(shared_sandboxes(3)).version(language)


def test_a_harness_for_calls_is_added_by_a_file(tmp_path, judge, monkeypatch):
    (tmp_path / "shell.toml").write_text(SHELL)
    (tmp_path / "call.sh").write_text(HARNESS)
    (language,) = read_languages(tmp_path).values()
    monkeypatch.setitem(NATIVE_LANGUAGES, "shell", language)
    answer = "one() { echo 1; }\nhalf() { echo 0.5; }\n"
    cases = [calling("one", expected=1), calling("half", expected=0.5), calling("half", expected=1, name="wrong")]
    assert verdicts(judge, answer, *cases, language="shell") == ["accepted", "accepted", "wrong_answer"]


@pytest.mark.parametrize(
    "text",
    [SHELL.replace("call.sh", "missing.sh"), SHELL.replace("[call]", "[calls]"), SHELL.replace("file", "path")],
    ids=["no harness", "no table", "an unknown key"],
)
def test_an_invalid_harness_is_named(tmp_path, text):
    (tmp_path / "shell.toml").write_text(text)
    (tmp_path / "call.sh").write_text(HARNESS)
    with pytest.raises(ValueError, match=r"shell\.toml describes no language"):
        read_languages(tmp_path)


@pytest.mark.parametrize(
    "text",
    ["title = ", AWK.replace("title", "name"), AWK.replace('"stdin"', '"ask"'), AWK.replace("[smoke]", "[other]")],
    ids=["no TOML", "an unknown key", "an unknown kind", "no smoke program"],
)
def test_an_invalid_file_is_named(tmp_path, text):
    (tmp_path / "awk.toml").write_text(text)
    with pytest.raises(ValueError, match=r"awk\.toml describes no language"):
        read_languages(tmp_path)


def test_a_tool_that_is_missing_is_named(tmp_path):
    (tmp_path / "awk.toml").write_text(AWK.replace('["awk", "-f"', '["no-such-awk", "-f"'))
    language = NativeLanguage.from_file(tmp_path / "awk.toml")
    assert language.missing_tool(HOST_TOOLS) == "no-such-awk"
    with pytest.raises(ToolMissing, match="no-such-awk is not installed"):
        language.run_command("main", Limits(), HOST_TOOLS)


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("public class Stack { }", "Stack"),
        ("public final class Stack { }", "Stack"),
        ("class Node { int x; }\nclass Start {\n public static void main(String[] a) {} }", "Start"),
        ("class Node { int x; }\npublic class Start { }", "Start"),
        ("int x;", "Main"),
        ("", "Main"),
        ("// public class One\npublic class Two { }", "Two"),
        ('class A { String s = "public class B"; /* public class C */ }\npublic class D { }', "D"),
        ("public class Größe { }", "Größe"),
        (f"public class {'Ü' * 101} {{ }}", "Main"),
    ],
)
def test_a_java_file_is_named_after_its_main_class(answer, name):
    java = NATIVE_LANGUAGES["java"]
    assert java.main_class(answer) == name
    assert java.files(answer) == {f"{name}.java": answer}


@pytest.mark.parametrize(
    ("answer", "file", "main"),
    [
        ("package a.b;\npublic class Start { }", "Start", "a.b.Start"),
        ("public class Tool { }\nclass Start { static void main(String[] a) {} }", "Tool", "Start"),
        ("class Start { int f() { if (x) { } } static public void main(String[] a) {} }", "Start", "Start"),
        ("class Start { static class Node { } static void main(String[] a) {} }", "Start", "Start"),
        ("class Start { public class Node { } char c = '{'; static final void main(String[] a) {} }", "Start", "Start"),
        ("class Node { } class Start { } class End { static void main(String[] a) {} }", "End", "End"),
        ("// package a;\nclass Start { }", "Start", "Start"),
        ("}}} class Start { static void main(String[] a) {} }", "Start", "Start"),
    ],
)
def test_the_main_class_is_that_with_a_main_method(answer, file, main):
    java = NATIVE_LANGUAGES["java"]
    assert (list(java.files(answer)), java.main_class(answer)) == ([f"{file}.java"], main)


@pytest.mark.parametrize("part", ['/*"a"', '"', "/*", "class a", "public class ", 'class a{"', "//"])
def test_a_hostile_answer_is_searched_for_its_main_class_in_little_time(part):
    began = time.process_time()
    NATIVE_LANGUAGES["java"].main_class(part * (MAX_ANSWER_BYTES // len(part)))
    assert time.process_time() - began < 2


def test_limits_are_raised_to_what_a_language_needs_to_start():
    java = NATIVE_LANGUAGES["java"]
    assert java.limits(Limits(memory_bytes=64 * MIB)).memory_bytes == 384 * MIB
    assert java.limits(Limits(memory_bytes=1024 * MIB)).memory_bytes == 1024 * MIB
