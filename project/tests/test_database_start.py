"""A PostgreSQL that does not start: how often that is tried, and what requests get."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from project.postgres import database_start
from project.postgres.database_start import REMEMBERED_SECONDS, GuardedStart
from project.settings.declarations import SettingsError
from project.tests.servers import DEADLINE_SECONDS, private_data_dir, run_python, wait_for

THREADS = 16

REQUESTS_AT_ONCE = f"""
import sys
from concurrent.futures import ThreadPoolExecutor
from project import create_app
from project.postgres import database_start
database_start.REMEMBERED_SECONDS = 3600
database_start.WAIT_SECONDS = 3600
app = create_app()
def ask(path):
    answer = app.test_client().get(path)
    return answer.status_code, int(answer.headers["Retry-After"])
with ThreadPoolExecutor({THREADS}) as threads:
    answers = list(threads.map(ask, ["/scores", "/users"] * {THREADS}))
print(set(answers))
"""

AFTER_A_REPAIR = """
import sys
from pathlib import Path
from project import create_app
from project.postgres import database_start
database_start.REMEMBERED_SECONDS = 0
client = create_app().test_client()
before = [client.get("/scores").status_code for _ in range(2)]
Path(sys.argv[1]).write_text("")
print(before, client.get("/scores").status_code)
"""


@pytest.fixture
def broken(tmp_path_factory):
    """The data directory of a PostgreSQL whose configuration it refuses. Its name is short: a socket lies below it."""
    with private_data_dir(tmp_path_factory.mktemp("down")) as data_dir:
        data = data_dir / "postgres" / "data"
        (data / "postgresql.conf").write_text("nonsense")
        (data / "server.log").write_text("")
        yield data_dir


def starts(data_dir):
    """Return how often PostgreSQL was started, by what it wrote into its log."""
    return (data_dir / "postgres" / "data" / "server.log").read_text().count("configuration file")


def test_of_many_requests_one_tries_to_start_it_and_all_get_the_same_503(broken):
    result = run_python(broken, "-c", REQUESTS_AT_ONCE)
    assert result.stdout == "{(503, 5)}\n", result.stderr
    assert starts(broken) == 1


def test_once_it_is_repaired_it_is_started(broken):
    configuration = broken / "postgres" / "data" / "postgresql.conf"
    result = run_python(broken, "-c", AFTER_A_REPAIR, str(configuration))
    assert result.stdout == "[503, 503] 200\n", result.stderr


class Start:
    """Something to start: `fails` says how it ends; while `hangs` is set, it waits for `released`."""

    def __init__(self):
        self.times = 0
        self.fails = True
        self.hangs = False
        self.released = threading.Event()

    def __call__(self):
        self.times += 1
        if self.hangs:
            assert self.released.wait(DEADLINE_SECONDS)
        if self.fails:
            raise SettingsError(f"no. {self.times}")


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def outcome(start):
    try:
        start()
    except SettingsError as error:
        return error.sentence
    return "started"


def test_a_failure_is_remembered_for_a_while():
    start, clock = Start(), Clock()
    guarded = GuardedStart(start, clock)
    assert [outcome(guarded) for _ in range(3)] == ["no. 1"] * 3
    clock.now += REMEMBERED_SECONDS
    assert [outcome(guarded) for _ in range(3)] == ["no. 2"] * 3
    start.fails = False
    clock.now += REMEMBERED_SECONDS
    assert outcome(guarded) == "started"


def test_a_success_is_not_remembered():
    start = Start()
    start.fails = False
    guarded = GuardedStart(start)
    assert [outcome(guarded) for _ in range(3)] == ["started"] * 3
    assert start.times == 3


def test_while_one_tries_again_the_others_get_the_failure_at_once():
    start, clock = Start(), Clock()
    guarded = GuardedStart(start, clock)
    outcome(guarded)
    clock.now += REMEMBERED_SECONDS
    start.hangs = True
    with ThreadPoolExecutor(1) as threads:
        tries = threads.submit(outcome, guarded)
        wait_for(lambda: start.times == 2, "the second try")
        assert [outcome(guarded) for _ in range(3)] == ["no. 1"] * 3
        start.released.set()
        assert tries.result() == "no. 2"


def test_threads_that_wait_for_the_first_start_share_its_outcome(monkeypatch):
    monkeypatch.setattr(database_start, "WAIT_SECONDS", DEADLINE_SECONDS)
    start = Start()
    start.hangs = True
    guarded, clock_in = GuardedStart(start), threading.Barrier(THREADS + 1)

    def want(_):
        clock_in.wait(DEADLINE_SECONDS)
        return outcome(guarded)

    with ThreadPoolExecutor(THREADS) as threads:
        outcomes = threads.map(want, range(THREADS))
        clock_in.wait(DEADLINE_SECONDS)
        wait_for(lambda: start.times == 1, "the first start")
        start.released.set()
        assert set(outcomes) == {"no. 1"}
    assert start.times == 1


def test_a_thread_that_waits_too_long_for_the_first_start_gets_an_error(monkeypatch):
    monkeypatch.setattr(database_start, "WAIT_SECONDS", 0.01)
    start = Start()
    start.hangs = True
    guarded = GuardedStart(start)
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(outcome, guarded)
        wait_for(lambda: start.times == 1, "the first start")
        assert outcome(guarded) == "the embedded PostgreSQL is still being started."
        start.released.set()
        assert first.result() == "no. 1"
