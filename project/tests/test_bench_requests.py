"""The report of the benchmark of requests, from recorded output: rates, void rounds, ratios, targets and tables."""

import re
from types import SimpleNamespace

import pytest

from bench.requests import report, targets
from bench.requests.implementations import IMPLEMENTATIONS, versions
from bench.requests.load import Void, check_changes, read_pgbench, read_wrk
from bench.requests.runner import interleaved
from project.config import ROOT

WRK = """Running 5s test @ http://127.0.0.1:40123
  2 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     5.47ms    2.31ms  31.05ms   77.90%
    Req/Sec     2.97k   288.70     3.60k    73.00%
  Latency Distribution
     50%    5.03ms
     99%   13.32ms
  29580 requests in 5.01s, 10.29MB read
Requests/sec:   5907.52
Transfer/sec:      2.06MB
RESULT {"requests": 29580, "seconds": 5.007176, "bytes": 10790000, "p50_ms": 5.030, "p99_ms": 13.320, \
"refused": 0, "connect": 0, "read": 0, "write": 0, "timeout": 0}
"""
PGBENCH = """pgbench (15.18 (Debian 15.18-0+deb12u1))
transaction type: W1.sql
number of transactions actually processed: 4
number of failed transactions: 0 (0.000%)
latency average = 10.0 ms
tps = 400.250000 (without initial connection time)
"""
PGBENCH_LOG = [f"0 1 {microseconds} 0 1795424000 1" for microseconds in (900, 1000, 1100, 9000)]


def figures(per_s, p99_ms=10.0, server_us=100.0, database_us=50.0):
    return {
        "requests": per_s * 5,
        "per_s": per_s,
        "p50_ms": 5.0,
        "p99_ms": p99_ms,
        "server_us": server_us,
        "database_us": database_us,
        "others": 0.25,
    }


def row(implementation, *rounds, operation="R1"):
    return {"operation": operation, "implementation": implementation, "rounds": list(rounds)}


def complete(*rows):
    about = {
        "date": "2026-11-23 09:24 UTC",
        "cores": 2,
        "kernel": "6.1",
        "python": "3.11",
        "load before": 0.1,
        "settings": {
            "scores": 1_000_000,
            "learners": 2000,
            "rounds": 3,
            "seconds": 5,
            "connections": 32,
            "postgresql": {"fsync": "on"},
            "ours": {"WEB_THREADS": "8"},
        },
        "versions": {"wrk": "4.1", "postgresql": "15.18", "node": "v20"},
        "implementations": [
            {"name": name, "title": title, "versions": {"fastify": "5"} if name == "fastify" else {}}
            for name, title in (("ours", "ours"), ("fastify", "Fastify + pg"), ("pgbench", "pgbench"))
        ],
        "operations": {name: name for name in dict.fromkeys(row["operation"] for row in rows)},
    }
    return report.complete(about, rows)


def test_the_figures_of_wrk_are_read():
    assert read_wrk(WRK, least_bytes=300) == {
        "requests": 29580,
        "per_s": pytest.approx(29580 / 5.007176),
        "p50_ms": 5.03,
        "p99_ms": 13.32,
    }


@pytest.mark.parametrize("failure", ["refused", "connect", "read", "write", "timeout"])
def test_one_failed_request_voids_the_round(failure):
    with pytest.raises(Void, match=f"1 {failure}"):
        read_wrk(WRK.replace(f'"{failure}": 0', f'"{failure}": 1'))


def test_a_round_without_a_response_or_with_too_short_ones_is_void():
    with pytest.raises(Void, match="no response"):
        read_wrk(WRK.replace('"requests": 29580', '"requests": 0'))
    with pytest.raises(Void, match="365 bytes a response"):
        read_wrk(WRK, least_bytes=500)
    with pytest.raises(Void, match="unable to connect"):
        read_wrk("unable to connect to 127.0.0.1:1 Connection refused")


def test_writes_that_are_missing_in_the_ledger_void_the_round():
    check_changes(1000, 1000)
    with pytest.raises(Void, match="1000 writes, and 900 entries"):
        check_changes(1000, 900)


def test_the_figures_of_pgbench_are_read():
    assert read_pgbench(PGBENCH, PGBENCH_LOG) == {
        "requests": 4,
        "per_s": 400.25,
        "p50_ms": pytest.approx(1.1),
        "p99_ms": pytest.approx(9),
    }
    with pytest.raises(Void):
        read_pgbench(PGBENCH.replace("failed transactions: 0", "failed transactions: 1"), PGBENCH_LOG)


def test_ratios_are_computed_within_rounds_and_without_void_rounds():
    ours = [figures(100), figures(300), {"void": "1 refused"}, figures(500)]
    theirs = [figures(100), figures(100), figures(1), figures(250)]
    assert targets.ratio(ours, theirs, "per_s") == {"median": 2, "least": 1, "greatest": 3}
    assert targets.ratio([{"void": "1 refused"}], [figures(1)], "per_s") is None


def measured(found):
    return [target for target in found["targets"] if target["is_reached"] is not None]


def test_the_median_decides_whether_a_target_is_reached():
    found = complete(
        row("ours", figures(2000, p99_ms=11), figures(2500, p99_ms=11), figures(100, p99_ms=11)),
        row("fastify", figures(1000), figures(1000), figures(1000)),
    )
    rate, p99 = measured(found)
    assert (rate["limit"], rate["ratio"], rate["is_reached"]) == (
        2.0,
        {"median": 2.0, "least": 0.1, "greatest": 2.5},
        True,
    )
    assert (p99["limit"], p99["ratio"]["median"], p99["is_reached"]) == (1.0, 1.1, False)


def test_a_target_that_is_not_reached_says_what_is_needed():
    half = measured(complete(row("ours", figures(1000, p99_ms=20)), row("fastify", figures(1000))))
    assert not any(target["is_reached"] for target in half)
    assert half[0]["needed"] == "server CPU 100 → 25 µs a request"  # of 150 µs with the database's, the half
    assert half[1]["needed"] == "p99 20.0 → 10.0 ms"
    tenth = measured(complete(row("ours", figures(200)), row("fastify", figures(1000))))[0]
    assert tenth["needed"].startswith("more than the server's 100 µs")


@pytest.mark.parametrize(
    ("operation", "other", "figure", "limit"),
    [
        ("R1", "fastify", "per_s", 2.0),
        ("R2", "fastify", "per_s", 2.0),
        ("L1", "fastify", "per_s", 2.0),
        ("W1", "fastify", "per_s", 2.0),
        ("W1", "before", "per_s", 1.0),
        ("R1", "before", "p99_ms", 0.6),
        ("R2", "before", "p99_ms", 0.6),
        ("L1", "before", "p99_ms", 0.6),
        ("R1", "pgbench", "per_s", 0.40),
        ("R2", "pgbench", "per_s", 0.55),
        ("L1", "pgbench", "per_s", 0.36),
        ("F1", "before", "per_s", 1.0),
        ("R1", "floor", "server_us", 1.2),
    ],
)
def test_a_ratio_at_the_limit_reaches_the_target_and_a_worse_one_does_not(operation, other, figure, limit):
    def is_reached(value):
        ours = {**figures(1000), figure: value}
        theirs = {**figures(1000), figure: 100.0}
        found = complete(row("ours", ours, operation=operation), row(other, theirs, operation=operation))
        (target,) = (one for one in measured(found) if (one["figure"], one["limit"]) == (figure, limit))
        return target["is_reached"]

    worse = 0.99 if figure == "per_s" else 1.01
    assert is_reached(100.0 * limit)
    assert not is_reached(100.0 * limit * worse)


def test_the_floor_says_how_much_less_cpu_is_needed():
    found = complete(row("ours", figures(1000, server_us=180)), row("floor", figures(1500)))
    (target,) = measured(found)
    assert target["needed"] == "server CPU 180 → 120 µs a request"


def test_an_implementation_without_a_valid_round_reaches_no_target():
    found = complete(row("ours", {"void": "1 refused"}), row("fastify", figures(1000)))
    assert [target["is_reached"] for target in measured(found)] == [False, False]
    assert found["figures"][0]["void"] == 1
    assert "| no valid round | **not reached** |" in report.as_markdown(found)


def test_targets_for_implementations_that_did_not_run_are_listed_as_not_measured():
    tables = report.as_markdown(complete(row("ours", figures(2000)), row("fastify", figures(1000))))
    (line,) = (line for line in tables.splitlines() if line.startswith("Not measured"))
    assert "W1 requests/s ÷ the commit before" in line
    assert "R1 server CPU ÷ the floor" in line
    assert "R1 requests/s ÷ Fastify + pg" not in line


def test_the_tables_have_ratios_void_rounds_and_only_implementations_of_the_operation():
    tables = report.as_markdown(
        complete(
            row("ours", figures(2200), {"void": "3 refused"}),
            row("fastify", figures(1000), figures(1000)),
            row("pgbench", {name: figures(9000)[name] for name in ("requests", "per_s", "p50_ms", "p99_ms")}),
            row("ours", figures(20), operation="F1"),
        )
    )
    assert "## Targets: 2 of 3 reached" in tables
    assert "| R1 requests/s ÷ Fastify + pg | ≥ 2 | 2.20 (2.20 to 2.20) | reached |" in tables
    assert (
        "| R1 requests/s ÷ pgbench (SQL alone) | ≥ 0.4 | 0.24 (0.24 to 0.24) | **not reached** | server CPU" in tables
    )
    assert "Void: ours, round 2: 3 refused" in tables
    assert "Fastify + pg" not in tables.partition("## F1")[2]
    assert "Fastify + pg: fastify 5" in tables
    assert "WEB_THREADS=8" in tables
    assert {line.count("|") for line in tables.splitlines() if line.startswith("|")} == {6, 9}  # of both kinds of table


def test_each_round_has_every_measurement_once_and_starts_with_another_implementation():
    measurements = [
        SimpleNamespace(operation=SimpleNamespace(name=operation), implementation=implementation)
        for implementation in ("ours", "fastify", "fastapi")
        for operation in ("R1", "W1")
    ]
    turns = list(interleaved(measurements, 3))
    for number in range(3):
        mine = [measurement for one, measurement in turns if one == number]
        assert sorted((measurement.implementation, measurement.operation.name) for measurement in mine) == sorted(
            (measurement.implementation, measurement.operation.name) for measurement in measurements
        )
    assert {measurement.implementation for number, measurement in turns[::6]} == {"ours", "fastify", "fastapi"}


def test_every_locked_version_is_found():
    found = {name: version for implementation in IMPLEMENTATIONS for name, version in versions(implementation).items()}
    assert found
    assert all(re.match(r"\d+\.\d+", version) for version in found.values()), found


def test_the_lock_files_name_no_package_index():
    locks = [*(ROOT / "bench").glob("requests/requirements.txt"), *(ROOT / "bench/peers").glob("*/requirements.txt")]
    assert len(locks) == 5
    for lock in locks:
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"://|--(extra-)?index-url|--find-links", text), lock
    assert '"resolved"' not in (ROOT / "bench/peers/fastify/package-lock.json").read_text()
