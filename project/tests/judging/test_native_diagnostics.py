"""What compilers report about answers, and what they use, with the compilers of this machine."""

import pytest

from project.judging.compiling import Compiler
from project.judging.judge import Judge
from project.judging.native_languages import NATIVE_LANGUAGES
from project.judging.problems import Problem
from project.judging.program_cache import ProgramCache
from project.judging.results import CompilationUsage
from project.sandbox.limits import MIB
from project.tests.judging.cases import reading
from project.tests.sandbox.shared_sandboxes import shared_sandboxes

ADD = """
#include <stdio.h>
int main(void) {
    int a, b, unused;
    scanf("%d %d", &a, &b);
    printf("%d\\n", a + b);
}
"""


@pytest.fixture(scope="module")
def judge(tmp_path_factory):
    sandboxes = shared_sandboxes(3)
    cache = ProgramCache(tmp_path_factory.mktemp("programs"), 100 * MIB)
    return Judge(sandboxes, compiler=Compiler(sandboxes, cache))


def judged(judge, language, answer):
    """Judge an answer to the sum of two numbers; skip the test where the language is not installed."""
    if tool := NATIVE_LANGUAGES[language].missing_tool() if language in NATIVE_LANGUAGES else None:
        pytest.skip(f"{tool} is not installed")
    return judge.judge(Problem(cases=(reading("2 3\n", "5"),), language=language), answer)


def places(judgement):
    return [(found.file, found.line, found.column, found.severity.value) for found in judgement.diagnostics]


def test_warnings_cost_nothing_and_are_kept_with_the_program(judge):
    first, second = (judged(judge, "c", f"#warning careful\n{ADD}") for _ in range(2))
    assert (first.compilation.cached, second.compilation.cached) == (False, True)
    for judgement in (first, second):
        assert (judgement.verdict, judgement.points) == ("accepted", judgement.max_points)
        assert judgement.cases[0].error == ""
        assert places(judgement) == [("main.c", 1, 2, "warning"), ("main.c", 5, 15, "warning")]
        assert judgement.diagnostics[0].message.startswith("#warning careful")
        assert judgement.diagnostics[1].message.startswith("unused variable ")


def test_the_time_of_the_compiler_is_reported_beside_that_of_the_cases(judge):
    compiled, cached = (judged(judge, "c", ADD) for _ in range(2))
    assert not compiled.compilation.cached
    assert 0 < compiled.compilation.cpu_ms < 60_000
    assert cached.compilation == CompilationUsage(cached=True, cpu_ms=0.0, wall_ms=0.0)
    for judgement in (compiled, cached):
        # The time in the slot, which counts for the queue, has both.
        assert judgement.compilation.wall_ms < judgement.wall_ms
        assert judgement.cpu_ms == judgement.cases[0].cpu_ms


def test_a_script_is_not_compiled(judge):
    judgement = judged(judge, "bash", "read a b; echo $((a + b))")
    assert judgement.verdict == "accepted"
    assert (judgement.compilation, judgement.diagnostics) == (None, ())


JAVA = """public class Main {
    public static void main(String[] arguments) {
\t\tSystem.out.println("\u00e4" + missing);
        int i = "text";
    }
}
"""
GO = """package main

func main() {
\tprintln("\u00e4" + missing)
}
"""
PASCAL = """program Sum;
var unused: integer;
begin
  writeln(missing);
end.
"""
CPP = """#include <list>
#include <algorithm>
int main() {
    std::list<int> numbers;
    std::sort(numbers.begin(), numbers.end());
}
"""


@pytest.mark.parametrize(
    ("language", "answer", "expected"),
    [
        ("c", "\n\treturn;", [("main.c", 2, 2, "error")]),
        ("c", 'char *a = "\u00e4", *b = missing;', [("main.c", 1, 21, "error")]),
        ("cpp", CPP, [("main.cpp", 5, 14, "note")]),
        ("java", JAVA, [("Main.java", 3, 28, "error"), ("Main.java", 4, 17, "error")]),
        ("go", GO, [("main.go", 4, 16, "error")]),
        ("pascal", PASCAL, [("main.pas", 4, 11, "error")]),
    ],
)
def test_an_error_of_the_compiler_has_its_place(judge, language, answer, expected):
    judgement = judged(judge, language, answer)
    assert judgement.verdict == "compile_error"
    assert set(expected) <= set(places(judgement)), judgement.cases[0].error
    assert not judgement.compilation.cached


def test_the_messages_name_no_directory_of_the_host(judge):
    judgement = judged(judge, "cpp", CPP)
    assert "/usr/" not in judgement.cases[0].error
    assert "stl_algo.h:" in judgement.cases[0].error
    assert not any("/" in found.file for found in judgement.diagnostics)
