"""Answers that are no programs, or only look strange, in every native language that is installed.

Each has a clear error or a correct verdict, and is never a failure of the sandbox.
"""

import pytest

from project.judging.compiling import Compiler
from project.judging.judge import Judge
from project.judging.native_languages import NATIVE_LANGUAGES
from project.judging.problems import Case, Kind, Problem
from project.judging.program_cache import ProgramCache
from project.sandbox.limits import MAX_ANSWER_BYTES, MIB
from project.tests.sandbox.shared_sandboxes import shared_sandboxes

CASE = Case(name="reads", kind=Kind.STDIN, input="2 3\n", expected="5")
# What the interpreters of scripts do with text that is no program: some print it, some run nothing.
OF_NO_PROGRAM = {"compile_error", "runtime_error", "wrong_answer", "output_limit"}


@pytest.fixture(scope="module")
def judge(tmp_path_factory):
    sandboxes = shared_sandboxes(3)
    cache = ProgramCache(tmp_path_factory.mktemp("programs"), 100 * MIB)
    return Judge(sandboxes, compiler=Compiler(sandboxes, cache))


@pytest.fixture(params=NATIVE_LANGUAGES.values(), ids=lambda language: language.name, scope="module")
def language(request, judge):
    """Return each language; skip those that are not installed, or do not work, which another test reports."""
    found = installed(request.param.name)
    if not judged(judge, found, found.smoke.source.lstrip()).accepted:
        pytest.skip(f"the smoke program of {found.title} fails")
    return found


def judged(judge, language, answer):
    judgement = judge.judge(Problem(cases=(CASE,), language=language.name), answer)
    result = judgement.cases[0]
    assert judgement.verdict == result.verdict
    if result.verdict not in ("accepted", "wrong_answer"):
        assert result.error.strip()
    return judgement


def test_a_byte_order_mark_does_not_matter(judge, language):
    assert judged(judge, language, f"\ufeff{language.smoke.source.lstrip()}").accepted


def test_line_ends_of_windows_are_accepted_or_named(judge, language):
    judgement = judged(judge, language, language.smoke.source.lstrip().replace("\n", "\r\n"))
    if language.name == "bash":
        assert judgement.verdict in ("runtime_error", "wrong_answer")
    else:
        assert judgement.accepted, judgement.cases[0]


@pytest.mark.parametrize("answer", ["", "\0" * 2000], ids=["empty", "NULs"])
def test_an_answer_without_a_program_fails(judge, language, answer):
    assert judged(judge, language, answer).verdict in OF_NO_PROGRAM


def test_a_program_with_a_nul_fails_or_is_accepted(judge, language):
    judgement = judged(judge, language, language.smoke.source + "\0")
    assert judgement.verdict in OF_NO_PROGRAM | {"accepted"}


def test_a_long_text_of_includes_fails(judge, language):
    answer = "#include <stdio.h>\n" * (MAX_ANSWER_BYTES // 19)
    assert judged(judge, language, answer).verdict in OF_NO_PROGRAM


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param("public class 1Main { public static void main(String[] a) {} }", id="no name"),
        pytest.param("public class ../Main { }", id="a path"),
        pytest.param(f"public class {'M' * 300} {{ }}", id="longer than a file name"),
        pytest.param(f"public class {'Ü' * 120} {{ }}", id="more bytes than a file name"),
        pytest.param("public class A { } public class B { }", id="two public classes"),
    ],
)
def test_an_invalid_class_does_not_compile(judge, answer):
    judgement = judged(judge, installed("java"), answer)
    assert judgement.verdict == "compile_error"
    assert ".java:1: error: " in judgement.cases[0].error
    assert judgement.diagnostics


SUM = """
/* A public class of mine. */ // public class Third
class Other { public static void main(String[] arguments) { System.out.println("other"); } }
public class Größe {
    public static void main(String[] arguments) {
        java.util.Scanner input = new java.util.Scanner(System.in);
        System.out.println(input.nextInt() + input.nextInt());
    }
}
"""


def test_of_two_main_classes_the_public_one_is_executed(judge):
    """Its name has letters beyond ASCII, and comments have other names."""
    assert judged(judge, installed("java"), SUM).accepted


def installed(name):
    language = NATIVE_LANGUAGES[name]
    if tool := language.missing_tool():
        pytest.skip(f"{tool} is not installed")
    return language
