"""Compiling: once for all cases, from the cache when it was compiled before, and with messages when it fails."""

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from project.judging import compiling
from project.judging.compiling import Compiler
from project.judging.judge import Judge
from project.judging.native_languages import NATIVE_LANGUAGES, NativeLanguage, SmokeProgram
from project.judging.problems import Case, Kind
from project.judging.program_cache import ProgramCache
from project.sandbox.errors import SandboxError, SandboxUnavailable
from project.sandbox.limits import MIB
from project.sandbox.native import HOST_TOOLS
from project.sandbox.pool import Sandboxes
from project.sandbox.process import SandboxedProcess
from project.tests.judging.cases import reading, single, verdicts
from project.tests.sandbox.processes import children, is_gone, until

STANDALONE = Path(__file__).parent / "native_standalone.py"
ADD = """
#include <stdio.h>
int main(void) {
    int a, b, unused;
    scanf("%d %d", &a, &b);
    printf("%d\\n", a + b);
}
"""
FOREVER = 2**31
# Compiled by a shell script: a test can make whatever a compiler could.
SHELL = NativeLanguage(
    name="shell",
    title="Shell",
    suffix=".sh",
    source="main.sh",
    kinds=frozenset({Kind.STDIN}),
    version=["sh", "-c", "echo 1"],
    compile=["sh", "main.sh"],
    run=["sh", "{program}/program"],
    smoke=SmokeProgram("", "", ""),
)


@pytest.fixture(scope="module")
def native_sandboxes():
    """Provide sandboxes for native programs; skip if the host lacks a compiler or their level."""
    if not shutil.which("gcc"):
        pytest.skip("gcc is not installed")
    sandboxes = Sandboxes(minimum=3, maximum=3, warm=0)
    try:
        sandboxes.start()
    except SandboxUnavailable as error:
        pytest.skip(str(error))
    yield sandboxes
    sandboxes.close()


@pytest.fixture
def executed(monkeypatch):
    """Record the names of the commands that sandboxed processes get."""
    names = []
    real = SandboxedProcess.execute

    def execute(process, commands, *others):
        names.extend(command.name for command in commands)
        return real(process, commands, *others)

    monkeypatch.setattr(SandboxedProcess, "execute", execute)
    return names


@pytest.fixture
def cache(tmp_path):
    return ProgramCache(tmp_path / "cache", 10 * MIB)


@pytest.fixture
def compile_script(native_sandboxes):
    """Compile with a script in the place of a compiler."""
    return lambda script: Compiler(native_sandboxes).compile(SHELL, {"main.sh": script}, FOREVER)


def sums(count):
    return [reading(f"{i} 3\n", str(i + 3), name=str(i)) for i in range(count)]


def test_an_answer_is_compiled_once_for_all_cases(native_sandboxes, executed):
    assert verdicts(Judge(native_sandboxes), ADD, *sums(10), language="c") == ["accepted"] * 10
    assert executed.count("build") == 1


def test_another_judge_finds_the_program_in_the_cache(native_sandboxes, executed, cache):
    for _ in range(2):
        judge = Judge(native_sandboxes, compiler=Compiler(native_sandboxes, cache))
        assert verdicts(judge, ADD, *sums(2), language="c") == ["accepted"] * 2
    assert executed.count("build") == 1
    verdicts(Judge(native_sandboxes, compiler=Compiler(native_sandboxes, cache)), ADD + "\n", *sums(1), language="c")
    assert executed.count("build") == 2


def test_an_answer_that_does_not_compile_is_not_in_the_cache(native_sandboxes, executed, cache, tmp_path):
    for _ in range(2):
        assert verdicts(
            Judge(native_sandboxes, compiler=Compiler(native_sandboxes, cache)), "int main(", *sums(1), language="c"
        ) == ["compile_error"]
    assert executed.count("build") == 2
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-1], lambda data: data[:10], lambda _: b"", lambda data: data[:-1] + b"!"]
)
def test_a_file_that_was_cut_off_is_not_used(native_sandboxes, executed, cache, tmp_path, damage):
    judge = Judge(native_sandboxes, compiler=Compiler(native_sandboxes, cache))
    assert verdicts(judge, ADD, *sums(1), language="c") == ["accepted"]
    (file,) = (tmp_path / "cache").iterdir()
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    assert verdicts(judge, ADD, *sums(1), language="c") == ["accepted"]
    assert executed.count("build") == 2
    assert verdicts(judge, ADD, *sums(1), language="c") == ["accepted"]
    assert executed.count("build") == 2


def test_the_cache_evicts_what_was_not_used_for_longest(tmp_path):
    cache = ProgramCache(tmp_path, 1000)
    for place, key in enumerate("abc"):
        cache.put(key, key.encode() * 250)
        os.utime(tmp_path / key, (place, place))
    assert cache.get("a") == b"a" * 250  # used now
    cache.put("d", b"d" * 250)
    assert [cache.get(key) is not None for key in "abcd"] == [True, False, True, True]
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 1000


def test_the_cache_keeps_nothing_larger_than_itself(tmp_path):
    cache = ProgramCache(tmp_path / "cache", 100)
    cache.put("small", b"x" * 50)
    cache.put("large", b"x" * 90)
    assert cache.get("large") is None
    assert cache.get("small") == b"x" * 50


def test_files_that_a_crash_left_in_the_cache_are_evicted(tmp_path):
    left = tmp_path / ".left"
    left.write_bytes(b"x" * 900)
    os.utime(left, (1, 1))
    cache = ProgramCache(tmp_path, 1000)
    cache.put("a", b"a" * 200)
    assert not left.exists()
    assert cache.get("a") == b"a" * 200


def test_a_cache_that_cannot_be_written_does_not_matter(native_sandboxes, tmp_path):
    (tmp_path / "file").touch()
    compiler = Compiler(native_sandboxes, ProgramCache(tmp_path / "file" / "cache", 10 * MIB))
    assert verdicts(Judge(native_sandboxes, compiler=compiler), ADD, *sums(1), language="c") == ["accepted"]


def test_only_the_service_can_read_the_cache(tmp_path):
    ProgramCache(tmp_path / "cache", 1000).put("a", b"a")
    assert (tmp_path / "cache").stat().st_mode & 0o077 == 0
    assert (tmp_path / "cache" / "a").stat().st_mode & 0o077 == 0


def compilers_of(pid):
    """Return the processes below this one that translate C."""
    found = [compiler for child in _of_process(pid, f"task/{pid}/children").split() for compiler in compilers_of(child)]
    return [int(pid)] if _of_process(pid, "comm") == "cc1\n" else found


def _of_process(pid, name):
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def test_a_judge_that_is_killed_while_compiling_leaves_no_program(native_sandboxes, tmp_path):
    # The file includes itself in every branch of a tree.
    slow = "#if __INCLUDE_LEVEL__ < 60\n#include __FILE__\n#include __FILE__\n#endif\n" + ADD
    task = {"cache": str(tmp_path / "cache"), "answer": slow}
    with subprocess.Popen(
        [sys.executable, "-B", str(STANDALONE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as judge:
        judge.stdin.write(json.dumps(task) + "\n")
        judge.stdin.flush()
        compiler = until(lambda: compilers_of(judge.pid))[0]
        judge.send_signal(signal.SIGKILL)
    assert until(lambda: is_gone(compiler))
    assert not list((tmp_path / "cache").glob("*"))
    compiler = Compiler(native_sandboxes, ProgramCache(tmp_path / "cache", 10 * MIB))
    assert verdicts(Judge(native_sandboxes, compiler=compiler), ADD, *sums(1), language="c") == ["accepted"]


def test_the_messages_of_the_compiler_are_those_of_the_first_case(native_sandboxes):
    result = single(Judge(native_sandboxes), "int main(void) { return missing; }", sums(1)[0], language="c")
    assert result.verdict == "compile_error"
    assert "main.c:1:25: error: " in result.error
    assert "missing" in result.error
    assert result.stage == "answer"
    assert result.points == 0
    found = verdicts(Judge(native_sandboxes), "int main(", *sums(3), language="c")
    assert found == ["compile_error", "not_run", "not_run"]


@pytest.mark.parametrize(
    "answer", ["", "\0", "int f(void) { return 1; }", "}" * 1000, "\udcff".encode("utf-8", "replace").decode()]
)
def test_what_is_no_program_does_not_compile(native_sandboxes, answer):
    assert verdicts(Judge(native_sandboxes), answer, *sums(1), language="c") == ["compile_error"]


def test_the_time_of_the_compiler_is_limited(compile_script, monkeypatch):
    monkeypatch.setattr(compiling, "LIMITS", replace(compiling.LIMITS, cpu_ms=300, wall_ms=900))
    assert "needed more than 0 seconds" in compile_script("while :; do :; done").messages
    assert compile_script("sleep 1000").program is None


def test_the_memory_of_the_compiler_is_limited(compile_script, monkeypatch):
    monkeypatch.setattr(compiling, "LIMITS", replace(compiling.LIMITS, memory_bytes=64 * MIB))
    script = "text=0123456789012345; while :; do text=$text$text; done"
    assert "needed more than 64 MiB of memory" in compile_script(script).messages


def test_the_messages_of_the_compiler_are_limited(compile_script):
    compilation = compile_script("while :; do echo flood; done")
    assert compilation.program is None
    assert len(compilation.messages) <= 2 * compiling.LIMITS.output_bytes + 100


@pytest.mark.parametrize(
    "script",
    [
        "ln -s /etc/passwd out/program",
        "ln -s /etc out/directory",
        "mkdir out/deep; ln -s / out/deep/root; echo > out/program",
        "rmdir out; ln -s /etc out",
        "rmdir out; ln -s /usr/share out",
        "rm -rf out",
        "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"out/socket\")'",
        "exit 0",
        "exit 1",
        "kill -9 $$",
    ],
)
def test_what_is_no_regular_file_is_not_packed(compile_script, script):
    """It is an error of the answer: javac, too, makes no file from one without a class."""
    compilation = compile_script(script)
    assert compilation.program is None
    assert compilation.messages


def test_a_compiler_that_cannot_be_executed_is_a_failure_of_the_sandbox(native_sandboxes):
    missing = replace(SHELL, compile=["/usr/bin/missing-compiler"])
    with pytest.raises(SandboxError, match="did not run"):
        Compiler(native_sandboxes).compile(missing, {"main.sh": ""}, FOREVER)


def test_a_compiler_is_in_a_sandbox(compile_script):
    script = "cat /etc/shadow /proc/1/environ /root/.bashrc; ls /; echo > /usr/new; ls /program/files; exit 1"
    messages = compile_script(script).messages
    assert "root:" not in messages
    assert "HOME" not in messages
    assert not Path("/usr/new").exists()


def test_processes_that_a_compiler_leaves_behind_end_with_it(compile_script, native_sandboxes):
    assert compile_script("(while :; do :; done) & setsid sleep 1000 & echo > out/program").program
    assert until(lambda: not children(native_sandboxes.native_programs.zygote.pid))


EXITS = """
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(void) {
    int how;
    scanf("%d", &how);
    puts("done");
    fflush(stdout);
    if (how < 0) {
        signal(-how, SIG_DFL);
        kill(getpid(), -how);
    }
    return how;
}
"""
ALL_STATUSES = [0, 1, 2, 42, 94, 96, 98, 99, 126, 127, 128, 255]


def test_exit_statuses_and_signals_are_runtime_errors(native_sandboxes):
    ways = [
        *ALL_STATUSES,
        -signal.SIGSEGV,
        -signal.SIGABRT,
        -signal.SIGFPE,
        -signal.SIGTERM,
        -signal.SIGINT,
        -signal.SIGPIPE,
    ]
    cases = [reading(f"{way}\n", "done", name=str(way)) for way in ways]
    found = verdicts(Judge(native_sandboxes), EXITS, *cases, language="c")
    wrong = [
        (way, verdict)
        for way, verdict in zip(ways, found, strict=True)
        if verdict != ("runtime_error" if way else "accepted")
    ]
    assert wrong == []


@pytest.mark.parametrize("way", [95, 97])
def test_the_exit_statuses_of_the_runner_mean_nothing_in_a_native_program(native_sandboxes, cache, way):
    case = reading(f"{way}\n", "done")
    assert verdicts(Judge(native_sandboxes, compiler=Compiler(native_sandboxes, cache)), EXITS, case, language="c") == [
        "runtime_error"
    ]


def test_files_whose_names_look_like_options_are_not_options_of_the_compiler():
    argv = NATIVE_LANGUAGES["c"].compile_command(["-fplugin=evil.c", "main.c"], HOST_TOOLS).argv
    assert "-fplugin=evil.c" not in argv


MEASURED = """
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
int main(void) {
    for (int i = 0; i < 4; i++)
        if (fork() == 0) {
            char *some = malloc(20 << 20);
            memset(some, 1, 20 << 20);
            __asm__ volatile("" : : "r"(some) : "memory");
            while (clock() < CLOCKS_PER_SEC / 10) {}
            usleep(300000);
            _exit(0);
        }
    while (wait(0) > 0) {}
}
"""


def test_the_cpu_time_and_memory_of_all_processes_are_added_up(native_sandboxes):
    result = single(Judge(native_sandboxes), MEASURED, Case(name="all", kind=Kind.STDIN, expected=""), language="c")
    assert result.verdict == "accepted", result
    assert result.cpu_ms >= 390
    assert 80 * MIB <= result.memory_bytes <= 160 * MIB
