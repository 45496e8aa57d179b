"""The metrics of /metrics. Server processes set PROMETHEUS_MULTIPROC_DIR; their values are summed."""

import os
import threading
from functools import cache
from pathlib import Path

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

# From a cached user to a slow users-service, in seconds.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

REQUEST_SECONDS = Histogram(
    "http_request_duration_seconds", "Time to answer a request.", ["method", "route", "status"], buckets=BUCKETS
)
USERS_SERVICE_SECONDS = Histogram(
    "users_service_request_duration_seconds",
    "Time that the users-service took to say who is calling.",
    ["outcome"],
    buckets=BUCKETS,
)
DATABASE_CONNECTIONS = Gauge(
    "database_pool_connections",
    "Connections to the database: open ones, and those of them that a request uses right now.",
    ["state"],
    multiprocess_mode="livesum",
)
REPLICA_READS = Counter(
    "replica_reads", "Reads that a replica may answer, by who did. Nothing where there is no replica.", ["from"]
)

EVENT_STREAMS = Gauge("event_streams", "Clients that follow events.", multiprocess_mode="livesum")

SUBMISSIONS = Counter("submissions_graded", "Submissions that are done.", ["verdict", "level"])
# From a trivial answer to one that uses up the time of its submission, in seconds.
GRADING_BUCKETS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
GRADING_SECONDS = Histogram(
    "grading_duration_seconds", "Time to judge an answer, without the time in the queue.", buckets=GRADING_BUCKETS
)
QUEUE_LENGTH = Gauge("grading_queue_length", "Submissions that wait for a worker.", multiprocess_mode="livemostrecent")


_sandbox_level_lock = threading.Lock()


def set_sandbox_level(level: int) -> None:
    """Set the isolation level of this process; 0 where its sandboxes could not be started."""
    with _sandbox_level_lock:
        _sandbox_level().set(level)


@cache
def _sandbox_level() -> Gauge:
    """Return the gauge, created on first use: every process that has it counts, and it begins at 0."""
    return Gauge(
        "sandbox_level",
        "The isolation level in force: the lowest of all processes that have started their sandboxes; 0: none.",
        multiprocess_mode="livemin",
    )


def collect() -> bytes:
    """Return the metrics of all server processes in Prometheus' text format."""
    directory = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if not directory:
        return generate_latest(REGISTRY)
    for file in Path(directory).glob("gauge_live*_*.db"):
        pid = int(file.stem.rpartition("_")[2])
        if not _lives(pid):  # a crashed process has no open connections
            mark_process_dead(pid)  # type: ignore[no-untyped-call]
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
