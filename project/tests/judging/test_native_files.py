"""Other files of native programs: sources are compiled, and all others can be read while the program runs."""

import base64
import shutil

import pytest

from project.judging.judge import Judge
from project.judging.problems import Problem
from project.sandbox.pool import NATIVE_LEVEL
from project.tests.judging.cases import reading
from project.tests.sandbox.shared_sandboxes import shared_sandboxes

COUNT = """
#include "count.h"
#include <stdio.h>
int main(void) {
    printf("%d", count("bytes.bin"));
    for (int i = 0; i < 2; i++) printf(" %d", count((const char *[]){"program", "case.c"}[i]));
}
"""
HEADER = "int count(const char *name);\n"
SOURCE = """
#include "count.h"
#include <stdio.h>
int count(const char *name) {
    FILE *file = fopen(name, "rb");
    int number = 0;
    if (file == NULL) return -1;
    while (fgetc(file) != EOF) number++;
    return number;
}
"""
BYTES = {"base64": base64.b64encode(bytes(range(7))).decode()}
# Each line is what a program could do to a file that it may only read. The link in its directory is its own.
WRITING = """
cat word.txt
for change in 'echo x > word.txt' 'echo x >> word.txt' 'mv word.txt $PROGRAM/' 'rm -f $PROGRAM/word.txt' \\
    'ln $PROGRAM/word.txt $PROGRAM/b' 'chmod 777 $PROGRAM; touch $PROGRAM/b' 'truncate -s 0 word.txt'
do
    PROGRAM=/program/files bash -c "$change" 2>/dev/null && echo "$change"
done
cat /program/files/word.txt
"""


@pytest.fixture(scope="module")
def judge():
    return Judge(shared_sandboxes(NATIVE_LEVEL))


@pytest.fixture
def run(judge):
    """Judge an answer by one case, and return the result: `run("c", answer, {"a.h": ""}, expected="5")`."""

    def judged(language, answer, files, tool=None, support_files=None, **case):
        if not shutil.which(tool or language):
            pytest.skip(f"{tool or language} is not installed")
        problem = Problem(cases=(reading("", **case),), language=language, support_files=support_files or {})
        return judge.judge(problem, answer, files=files).cases[0]

    return judged


def test_sources_are_compiled_together_and_data_is_read(run):
    """The data has names that a file of the program has, and that a source would have."""
    files = {"count.c": SOURCE, "program": "12345"}
    support = {"count.h": HEADER, "bytes.bin": BYTES}
    result = run("c", COUNT, files, "gcc", support, expected="7 5 3", answer_files={"case.c": "not"})
    assert (result.verdict, result.error) == ("accepted", "")


def test_a_file_of_the_exercise_replaces_one_of_the_answer(run):
    files = {"count.c": SOURCE, "count.h": "#error", "bytes.bin": "", "main.c": "#error", "out": "", "case.c": ""}
    support = {"count.h": HEADER, "bytes.bin": BYTES}
    result = run("c", COUNT, files, "gcc", support, expected="7 -1 3", answer_files={"case.c": "not"})
    assert (result.verdict, result.error) == ("accepted", "")


def test_a_name_of_a_source_is_no_option_of_the_compiler(run):
    one = "int {}(void) {{ return 1; }}"
    names = {"-fsyntax-only.c": "minus", "@arguments.c": "at", "a b.c": "space", "*.c": "star", "'$(x)'.c": "quote"}
    declared = "".join(f"int {name}(void);" for name in names.values())
    calls = " + ".join(f"{name}()" for name in names.values())
    answer = f'#include <stdio.h>\n{declared}\nint main(void) {{ printf("%d", {calls}); }}'
    result = run("c", answer, {name: one.format(symbol) for name, symbol in names.items()}, "gcc", expected="5")
    assert (result.verdict, result.error) == ("accepted", "")


def test_messages_about_another_source_name_it(run):
    result = run("c", "int main(void) {}", {"other.c": "int x = y;"}, "gcc")
    assert result.verdict == "compile_error"
    assert "other.c:1:9: error: " in result.error


def test_classes_of_java_are_compiled_together(run):
    answer = "public class Main { public static void main(String[] a) { System.out.println(Sum.of(2, 3)); } }"
    files = {"Sum.java": "class Sum { static int of(int a, int b) { return a + Offset.NONE + b; } }"}
    support = {"Offset.java": "class Offset { static final int NONE = 0; }"}
    assert run("java", answer, files, "javac", support, expected="5").verdict == "accepted"


def test_a_class_of_java_has_no_name_that_the_exercise_gives(run):
    result = run("java", "public class Sum { }", {}, "javac", {"Sum.java": "class Sum { }"})
    assert (result.verdict, result.error) == (
        "compile_error",
        "Sum.java: error: the exercise gives a file with this name\n",
    )


@pytest.mark.parametrize(
    ("language", "answer", "name", "library"),
    [
        ("bash", ". ./hello.sh; hello", "hello.sh", "hello() { cat word.txt; }"),
        (
            "nodejs",
            "require('./hello.js')()",
            "hello.js",
            "module.exports = () => console.log(require('fs').readFileSync('word.txt', 'utf8'))",
        ),
        ("ruby", "require_relative 'hello'", "hello.rb", "puts File.read('word.txt')"),
        ("php", "<?php require 'hello.php';", "hello.php", "<?php echo file_get_contents('word.txt');"),
        ("lua", "require 'hello'", "hello.lua", "print(io.open('word.txt'):read())"),
    ],
    ids=lambda value: value if len(value) < 8 else "",
)
def test_a_script_loads_other_scripts_and_reads_data(run, language, answer, name, library):
    tool = {"nodejs": "node", "lua": "lua5.4"}.get(language, language)
    result = run(language, answer, {name: library}, tool, {"word.txt": "hello\n"}, expected="hello")
    assert (result.verdict, result.error) == ("accepted", "")


def test_a_program_cannot_change_the_files_that_it_reads(run):
    result = run("bash", WRITING, {"word.txt": "word\n"}, expected="word\nword\n")
    assert (result.verdict, result.actual) == ("accepted", "word\nword\n")
