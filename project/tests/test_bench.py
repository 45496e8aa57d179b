"""The benchmarks run, and notice wrong results. Their figures are not tested."""

import json
import os
import socket
import subprocess
from contextlib import closing, suppress

import pytest

from bench.common.measure import BenchmarkError, cpu_seconds, latencies, repeat, summary
from bench.front.crowds import CROWDS, Clients, Server
from bench.grading.answers import ADDING, ANSWER, Attempt
from bench.grading.judging import check
from bench.languages.work import WORK
from project.config import ROOT
from project.judging.judge import Judge
from project.judging.verdicts import Verdict
from project.sandbox.pool import LOWEST, Sandboxes
from project.tests.servers import DEADLINE_SECONDS, environment, wait_for

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]  # it starts a server with a database of its own


@pytest.fixture
def bench(tmp_path):
    """Return a function that runs `script/bench`, and returns the report file and the output."""

    def run(name, *arguments, **settings):
        file = tmp_path / f"{name}.json"
        finished = subprocess.run(
            [ROOT / "script" / "bench", name, *arguments, "--json", file],
            env=environment(tmp_path / "data", TMPDIR=str(tmp_path), WEB_WORKERS="1", **settings),
            capture_output=True,
            text=True,
            check=False,
        )
        assert finished.returncode == 0, finished.stderr
        assert not list(tmp_path.glob("eval-bench-*"))
        return json.loads(file.read_text()), finished.stdout

    return run


def test_a_quick_run_measures_every_part_and_writes_json_and_tables(bench, tmp_path):
    report, printed = bench("grading", "--quick")
    assert {row["part"] for row in report["figures"]} == {"yardsticks", "sandbox", "kinds", "http"}
    assert all(row["figures"]["p50_ms"]["median"] > 0 for row in report["figures"])
    assert report["machine"]["postgresql"].startswith("1")
    assert len(report["targets"]) == 5
    assert (tmp_path / "grading.md").read_text().strip() == printed.strip()


def test_native_programs_are_measured_beside_yardsticks(bench, tmp_path):
    report, printed = bench("languages", "--quick")
    measured = {row["language"] for row in report["figures"]}
    assert measured | set(report["missing"]) >= {"c", "bash"}
    if "c" in measured:
        assert {row["name"] for row in report["figures"] if row["language"] == "c"} >= {*WORK, "the compiler, bare"}
        assert all(row["ratios"]["bare"]["median"] > 0 for row in report["figures"] if row["name"] in WORK)
        assert {"one case: 8 ms", "ten cases: 10 times 8 ms"} <= {target["what"] for target in report["targets"]}
    assert (tmp_path / "languages.md").read_text().strip() == printed.strip()


def test_boards_of_any_size_are_measured(bench):
    sizes = ["--rows", "1000", "--rows", "2000", "--ties", "1500", "--repeat", "10"]
    report, printed = bench("boards", *sizes)
    assert set(report) == {"1,000 scores", "2,000 scores", "1,500 ties"}
    assert printed.count("largest to smallest") == 6


def test_requests_are_measured_beside_each_crowd(bench):
    figures = bench("front", "--quick", WORKER_PROCESSES="0")[0]["figures"]
    assert len(figures) == len(CROWDS) * 3
    assert all(row["p99_ms"] > 0 for row in figures)


def test_a_disconnected_client_of_a_crowd_reconnects():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(DEADLINE_SECONDS)
        clients = Clients(CROWDS["stalled bodies"], Server(listener.getsockname()[1], ["a token"], "an admin's"), 2)
        first, second = (listener.accept()[0] for _ in range(2))
        with second, closing(clients):
            first.close()
            listener.settimeout(0)
            wait_for(lambda: has_reconnected(clients, listener))


def has_reconnected(clients, listener):
    clients.keep()
    with suppress(BlockingIOError):
        listener.accept()[0].close()
        return True
    return False


def test_an_unexpected_verdict_ends_the_run():
    sandboxes = Sandboxes(minimum=LOWEST, warm=0)
    try:
        judge = Judge(sandboxes)
        check(judge, Attempt("right", ADDING, ANSWER, Verdict.ACCEPTED))
        with pytest.raises(BenchmarkError, match="accepted"):
            check(judge, Attempt("wrong", ADDING, ANSWER, Verdict.WRONG_ANSWER))
    finally:
        sandboxes.close()


def test_an_error_in_a_thread_ends_the_run():
    calls = iter(range(3))
    with pytest.raises(StopIteration):
        repeat(lambda: next(calls), 60, threads=2)


def test_percentiles_and_medians_are_computed():
    assert latencies([second / 1000 for second in range(100)]) == {"p50_ms": 50, "p95_ms": 95, "p99_ms": 99}
    assert latencies([0.002]) == {"p50_ms": 2, "p95_ms": 2, "p99_ms": 2}
    assert summary([{"a": 1}, {"a": 9}, {"a": 4}]) == {"a": {"median": 4, "least": 1, "greatest": 9}}


def test_the_cpu_time_of_a_process_includes_its_children():
    before = cpu_seconds(os.getpid())
    subprocess.run(["python3", "-c", "import time\nwhile time.process_time() < 0.3: pass"], check=True)
    assert cpu_seconds(os.getpid()) - before >= 0.2
