"""Runs an operation by wrk, or only its SQL by pgbench, and measures its rate, times and CPU time."""

import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.common.measure import CORES, busy_seconds, cpu_seconds, latencies
from bench.common.processes import HOST
from bench.requests.cluster import PEERS_DATABASE, SUPERUSER, Cluster

SCRIPT = Path(__file__).with_name("wrk.lua")
WRK_THREADS = 2
PGBENCH_CLIENTS, PGBENCH_THREADS = 16, 2
RESPONSE_SECONDS = 60  # the timeout of wrk: a slow response is not an error
FAILURES = ("refused", "connect", "read", "write", "timeout")
# Responses are wrong if their average length is below this share of the shortest correct one.
LEAST_SHARE_OF_BODY = 0.9
# Simultaneous writes of a learner for an exercise may be one change, so the ledger may have less than all of them.
LEAST_SHARE_OF_CHANGES = 0.95


class Void(Exception):
    """An error under load: the round does not count."""


def measured(load: Callable[[], dict[str, float]], pids: Sequence[int], cluster: Cluster) -> dict[str, float]:
    """Run a load; return its figures, with CPU time per request of the implementation's processes and the database's.

    `others` is the share of the machine that was busy with something else.
    """

    def used() -> tuple[float, float, float, float]:
        own = sum(os.times()[:4])  # including load generators that have ended
        return sum(map(cpu_seconds, pids)), cpu_seconds(cluster.pid), own, busy_seconds()

    began, before = time.perf_counter(), used()
    figures = load()
    elapsed = time.perf_counter() - began
    server, database, own, busy = (after - start for after, start in zip(used(), before, strict=True))
    if pids:
        figures["server_us"] = server * 1e6 / figures["requests"]
    figures["database_us"] = database * 1e6 / figures["requests"]
    figures["others"] = max(0.0, busy - server - database - own) / (elapsed * CORES)
    return figures


def by_wrk(url: str, requests: Path, seconds: int, connections: int, least_bytes: int) -> dict[str, float]:
    """Send the requests of a file for some seconds. Raises `Void` if one of them fails."""
    command = ["wrk", "--threads", str(min(WRK_THREADS, connections)), "--connections", str(connections)]
    command += ["--duration", f"{seconds}s", "--latency", "--timeout", f"{RESPONSE_SECONDS}s"]
    command += ["--script", str(SCRIPT), url, "--", str(requests)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own paths
    if done.returncode:
        raise Void(f"wrk ended with {done.returncode}: {done.stderr or done.stdout}")
    return read_wrk(done.stdout, least_bytes)


def read_wrk(output: str, least_bytes: int = 0) -> dict[str, float]:
    """Return the figures in the output of wrk.lua. Raises `Void`, as `by_wrk` does."""
    found = re.search(r"^RESULT (\{.*\})$", output, re.MULTILINE)
    if not found:
        raise Void(f"wrk printed: {output}")
    result: dict[str, Any] = json.loads(found.group(1))
    failures = [f"{result[name]} {name}" for name in FAILURES if result[name]]
    if failures:
        raise Void(f"of {result['requests']} requests: {', '.join(failures)}")
    if not result["requests"]:
        raise Void(f"no response in {result['seconds']:.0f} s")
    if result["bytes"] / result["requests"] < least_bytes * LEAST_SHARE_OF_BODY:
        raise Void(f"{result['bytes'] / result['requests']:.0f} bytes a response, and a correct one has {least_bytes}")
    return {
        "requests": result["requests"],
        "per_s": result["requests"] / result["seconds"],
        "p50_ms": result["p50_ms"],
        "p99_ms": result["p99_ms"],
    }


def by_pgbench(
    cluster: Cluster, script: Path, values: Mapping[str, int], seconds: int, directory: Path
) -> dict[str, float]:
    """Run a script on the peers' database for some seconds."""
    log = directory / "pgbench"
    command = [str(cluster.programs / "pgbench"), "--no-vacuum", "--protocol", "prepared", "--time", str(seconds)]
    command += ["--client", str(PGBENCH_CLIENTS), "--jobs", str(PGBENCH_THREADS), "--log", "--log-prefix", str(log)]
    command += ["--file", str(script)]
    command += [option for name, value in values.items() for option in ("--define", f"{name}={value}")]
    command += ["--host", HOST, "--port", str(cluster.port), "--username", SUPERUSER, PEERS_DATABASE]
    environment = {**os.environ, "PGPASSWORD": cluster.superuser_password}
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)  # noqa: S603 - our own
        if done.returncode:
            raise Void(f"pgbench ended with {done.returncode}: {done.stderr}")
        lines = [line for file in directory.glob("pgbench.*") for line in file.read_text().splitlines()]
    finally:
        for file in directory.glob("pgbench.*"):
            file.unlink()
    return read_pgbench(done.stdout, lines)


def read_pgbench(output: str, log: Sequence[str]) -> dict[str, float]:
    """Return the figures in the output and the log of pgbench. The third word of a log line is a time in µs."""
    failed, rate = (re.search(pattern, output) for pattern in (r"failed transactions: (\d+)", r"tps = ([\d.]+)"))
    if not rate or not log or (failed and int(failed.group(1))):
        raise Void(f"pgbench printed: {output}")
    times = latencies([int(line.split(maxsplit=3)[2]) / 1e6 for line in log])
    return {"requests": len(log), "per_s": float(rate.group(1)), "p50_ms": times["p50_ms"], "p99_ms": times["p99_ms"]}


def check_changes(written: float, changes: int) -> None:
    """Check that the ledger has the confirmed writes. Raises `Void`."""
    if changes < written * LEAST_SHARE_OF_CHANGES:
        raise Void(f"{written:.0f} writes, and {changes} entries of the ledger")
