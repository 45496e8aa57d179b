"""Programs that are installed without root: their trees, and how the sandbox shows them."""

import os
from pathlib import Path

import pytest

from project.judging.compiling import Compiler
from project.judging.judge import Judge
from project.judging.native_languages import NATIVE_LANGUAGES, read_languages
from project.judging.problems import Case, Kind, Problem
from project.operations.tool_installation.trees import new_tree
from project.sandbox.pool import HIGHEST, Sandboxes
from project.sandbox.tools import Tools

GREET = """
title = "Greetings"
suffix = ".txt"
source = "main.txt"
kinds = ["stdin"]
run = ["greet", "{program}/main.txt"]
version = ["greet", "--version"]

[smoke]
source = "Hello"
input = "Ada"
output = "Hello Ada"
"""
# It reads a file of its package, and what it runs otherwise is of the host.
PROGRAM = """#!/bin/sh
[ "$1" = --version ] && exec cat /usr/share/greet/version
for directory in /usr /usr/bin /usr/share/greet; do
    touch "$directory/written" 2>/dev/null && echo "$directory can be written"
done
echo "changed" 2>/dev/null >>/usr/bin/greet && echo "it can be changed"
echo "$(cat "$1") $(cat)"
"""


@pytest.fixture
def tools(tmp_path):
    return Tools(tmp_path / "toolchains")


@pytest.fixture
def sandboxes(tools):
    # tmp_path is below a directory that only its owner may enter, and the sandbox's user must not need to.
    made = Sandboxes(minimum=HIGHEST, warm=0, tools=tools)
    made.start()
    yield made
    made.close()


@pytest.fixture
def greet(tmp_path, monkeypatch):
    (tmp_path / "languages").mkdir()
    (tmp_path / "languages" / "greet.toml").write_text(GREET)
    (language,) = read_languages(tmp_path / "languages").values()
    monkeypatch.setitem(NATIVE_LANGUAGES, "greet", language)
    return language


def write(file, text, mode=0o644):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    file.write_text(text)
    file.chmod(mode)


def install(tools, version):
    with new_tree(tools.directory) as tree:
        write(tree / "usr/lib/greet/bin/greet", PROGRAM, 0o755)
        write(tree / "usr/share/greet/version", f"greet {version}\n")
        (tree / "usr/bin/greet").unlink(missing_ok=True)
        (tree / "usr/bin/greet").symlink_to("../lib/greet/bin/greet")


def test_a_program_of_the_tree_runs_in_the_sandbox_beside_those_of_the_host(tools, greet, sandboxes):
    assert greet.missing_tool(tools) == "greet"
    install(tools, 1)
    assert greet.missing_tool(tools) is None
    smoke = Case(name="smoke", kind=Kind.STDIN, input=greet.smoke.input, expected=greet.smoke.output)
    judgement = Judge(sandboxes).judge(Problem(cases=(smoke,), language="greet"), greet.smoke.source)
    assert judgement.accepted, judgement.cases[0]


def test_what_is_installed_later_is_used_at_once(tools, greet, sandboxes):
    compiler = Compiler(sandboxes)
    for version in (1, 2):
        install(tools, version)
        assert compiler.version(greet) == f"greet {version}\n"


def test_a_program_is_found_without_links(tools):
    install(tools, 1)
    assert tools.find("greet") == "/usr/lib/greet/bin/greet"
    assert tools.find("sh") == os.path.realpath("/usr/bin/sh")
    assert tools.find("no-such-program") is None


def test_links_that_lead_nowhere_are_not_found(tools):
    with new_tree(tools.directory) as tree:
        (tree / "usr/bin/loop").symlink_to("loop")
        (tree / "usr/bin/gone").symlink_to("/usr/lib/gone")
        (tree / "usr/bin/out").symlink_to("../" * 9 + "etc")
        write(tree / "usr/bin/data", "no program")
    assert [name for name in ("loop", "gone", "out", "data") if tools.find(name)] == []


def test_a_failed_installation_changes_nothing(tools):
    install(tools, 1)
    before = tools.tree()
    with pytest.raises(FileNotFoundError), new_tree(tools.directory) as tree:
        (tree / "usr/bin/gone").rename(tree / "usr/bin/half")
    assert tools.tree() == before
    assert sorted(path.name for path in tools.directory.iterdir()) == [".lock", "1", "current"]


def test_an_earlier_tree_is_kept_for_what_runs_in_it(tools):
    for version in (1, 2, 3):
        install(tools, version)
    assert sorted(path.name for path in tools.directory.iterdir()) == [".lock", "2", "3", "current"]
    texts = [(tools.directory / name / "usr/share/greet/version").read_text() for name in "23"]
    assert texts == ["greet 2\n", "greet 3\n"]


def test_no_file_of_a_tree_runs_as_its_owner_and_all_can_be_read(tools):
    with new_tree(tools.directory) as tree:
        write(tree / "usr/bin/su", "", 0o4711)
        write(tree / "usr/share/private", "", 0o600)
        write(tree / "usr/share/shared", "", 0o666)
    modes = {name: Path(tools.tree(), "usr", name).stat().st_mode & 0o7777 for name in ("bin/su", "share/private")}
    assert modes == {"bin/su": 0o755, "share/private": 0o644}
    assert Path(tools.tree(), "usr/share/shared").stat().st_mode & 0o022 == 0
