"""The statuses of languages, which the processes of a host share."""

import json
import threading
from contextlib import nullcontext
from dataclasses import replace

import pytest

from project.grading import language_status, status_store
from project.grading.language_status import LanguageStatuses
from project.grading.status_store import StatusStore
from project.judging.compiling import Compiler
from project.judging.judge import Judge
from project.judging.languages import LANGUAGES
from project.judging.native_languages import NativeLanguage
from project.tests.sandbox.shared_sandboxes import shared_sandboxes

BASH = LANGUAGES["bash"]


@pytest.fixture
def directory(tmp_path):
    return tmp_path / "statuses"


@pytest.fixture
def tried():
    """Record which smoke programs run."""
    return []


@pytest.fixture
def process(directory, tried, monkeypatch):
    """Return the statuses as another process has them."""
    sandboxes = shared_sandboxes(3)
    judge = Judge(sandboxes)

    def recording(*given):
        tried.append(given[0].language)
        return Judge.judge(judge, *given)

    monkeypatch.setattr(judge, "judge", recording)
    return lambda: LanguageStatuses(sandboxes, judge, Compiler(sandboxes), nullcontext, StatusStore(directory))


def test_one_process_runs_the_smoke_program(process, tried):
    statuses = [process().of(BASH) for _ in range(3)]
    assert tried == ["bash"]
    assert {status.missing for status in statuses} == {None}
    assert {status.level for status in statuses} == {3}
    assert len({status.version for status in statuses}) == 1
    assert statuses[0].version


def test_processes_that_start_at_the_same_time_run_it_once(process, tried):
    found = []
    threads = [threading.Thread(target=lambda: found.append(process().of(BASH))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [status.missing for status in found] == [None] * 4
    assert tried == ["bash"]


def test_a_check_always_runs_it(process, tried):
    statuses = process()
    for _ in range(2):
        assert statuses.check(BASH).missing is None
    assert process().check(BASH).missing is None
    assert tried == ["bash"] * 3


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda data: data[: len(data) // 2],
        lambda _: b"\xff\0",
        lambda _: b"[]",
        lambda _: b"null",
        lambda _: b"[" * 100_000,
        lambda data: changed(data, version=5),
        lambda data: changed(data, version=None),
        lambda data: changed(data, missing="?"),
        lambda data: changed(data, tried_at="soon"),
        lambda data: changed(data, tried_at=1e99),
        lambda data: changed(data, key="other"),
        lambda data: changed(data, tried_at=0),
    ],
)
def test_a_file_that_is_broken_or_old_is_ignored(process, tried, directory, damage):
    process().of(BASH)
    file = directory / "bash.json"
    file.write_bytes(damage(file.read_bytes()))
    assert process().of(BASH).missing is None
    assert process().of(BASH).missing is None
    assert tried == ["bash"] * 2


def changed(data, **values):
    return json.dumps(json.loads(data) | values).encode()


def test_another_tool_or_description_or_level_is_tried_again(process, tried, monkeypatch):
    process().of(BASH)
    other = replace(BASH, native=replace(BASH.native, digest="other"))
    process().of(other)
    monkeypatch.setattr("project.judging.native_languages._identity", lambda tool, _: (tool, 1, 2))
    process().of(BASH)
    assert tried == ["bash"] * 3
    monkeypatch.setattr(language_status.platform, "node", lambda: "another host")
    process().of(BASH)
    assert tried == ["bash"] * 4


def test_a_language_that_fails_is_tried_again_after_a_minute(process, tried, monkeypatch):
    broken = replace(BASH, native=replace(BASH.native, smoke=replace(BASH.native.smoke, output="6\n")))
    for _ in range(2):
        assert process().of(broken).missing == "Its smoke program ended with wrong_answer."
    assert len(tried) == 1
    monkeypatch.setattr(status_store, "RETRY_SECONDS", -1)
    process().of(broken)
    assert len(tried) == 2


def test_a_directory_that_cannot_be_written_does_not_matter(process, tried, directory):
    directory.write_text("no directory")
    assert process().of(BASH).missing is None
    assert tried == ["bash"]


def test_only_the_service_can_read_the_statuses(process, directory):
    process().of(BASH)
    assert directory.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in directory.iterdir()) == ["bash.json", "bash.lock"]


def test_a_tool_that_is_removed_is_noticed(process, monkeypatch):
    statuses = process()
    assert statuses.of(BASH).missing is None
    monkeypatch.setattr(language_status, "READ_SECONDS", -1)
    monkeypatch.setattr(NativeLanguage, "missing_tool", lambda *_: "bash")
    assert statuses.of(BASH).missing == "bash is not installed."
