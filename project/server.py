"""Serving the application with granian: one parent, and worker processes with threads."""

import ctypes
import gc
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click
from flask import Flask
from granian import Granian
from granian.constants import HTTPModes, Interfaces

from project import create_app, granian_answers, observability, worker
from project.connection_limits import HTTP1, connections_per_process
from project.embedded_postgres import embedded_postgres

STOP_SECONDS = 10  # what a request may still take when the service is stopped
RESPAWN_SECONDS = 1.0
BACKLOG = 4096  # connections that the kernel holds until they are accepted; it may hold fewer (net.core.somaxconn)
# A worker that dies more often than so within so many seconds is not started again: the server ends, and says so.
MAX_RESTARTS, RESTARTS_SECONDS = 12, 30.0

PR_SET_PDEATHSIG = 1  # prctl(2)

# Granian's own lines go where ours go.
LOGGING = {"loggers": {"_granian": {"handlers": [], "propagate": True}, "granian.access": {"handlers": []}}}


def serve(host: str, port: int, settings: Mapping[str, Any]) -> None:
    """Serve until SIGINT or SIGTERM; then finish what runs, and stop the embedded PostgreSQL if it is in use."""
    # A forked worker would share the parent's sockets, locks and random state; a spawned one starts clean.
    multiprocessing.set_start_method("spawn", force=True)
    with tempfile.TemporaryDirectory(prefix="eval-metrics-") as directory:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = directory
        granian = Granian(
            "project.server:create_worker_app",
            factory=True,
            interface=Interfaces.WSGI,
            address=host,
            port=port,
            workers=settings["WEB_WORKERS"],
            blocking_threads=settings["WEB_THREADS"],
            # Granian detects HTTP/2 by a connection's first bytes, and waits for them without a limit.
            http=HTTPModes.http1,
            http1_settings=HTTP1,
            backlog=BACKLOG,
            backpressure=connections_per_process(settings),
            websockets=False,
            respawn_failed_workers=True,
            respawn_interval=RESPAWN_SECONDS,
            workers_kill_timeout=STOP_SECONDS,
            log_dictconfig=LOGGING,
        )
        granian.respawned_wrks = Restarts()
        click.echo(f"Serving on http://{host}:{port} (Ctrl-C stops it; the API is described at /docs).")
        with grading_workers(settings["WORKER_PROCESSES"]):
            granian.serve()
    embedded_postgres.stop()


class Restarts(dict[int, float]):
    """When granian last started each worker again, by the worker's index.

    Granian ends the whole server when a worker dies within 5.5 seconds of that. A worker that the kernel killed twice,
    for want of memory, is no reason to; one that cannot start is. So granian is told the time only of the latter.
    """

    def __init__(self) -> None:
        super().__init__()
        self._times: dict[int, deque[float]] = {}

    def __setitem__(self, worker: int, moment: float) -> None:
        self._times.setdefault(worker, deque(maxlen=MAX_RESTARTS)).append(moment)

    def get(self, worker: int, default: Any = None) -> Any:
        """Return the last time, if there were too many lately."""
        times = self._times.get(worker)
        if times is None or len(times) < MAX_RESTARTS or times[-1] - times[0] > RESTARTS_SECONDS:
            return default
        return times[-1]

    def clear(self) -> None:
        """Keep them: granian forgets those of all workers whenever it starts one again."""


@contextmanager
def grading_workers(count: int) -> Iterator[None]:
    """Keep so many grading workers beside the server's own processes."""
    over = threading.Event()
    # The kernel takes the end of the thread that starts a process for that of the parent: it lives as long as they do.
    watcher = threading.Thread(target=_watch_grading_workers, args=(count, over), name="grading workers")
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _watch_grading_workers(count: int, over: threading.Event) -> None:
    processes: list[multiprocessing.Process] = []
    while not over.is_set():
        processes = [process for process in processes if process.is_alive()]
        while len(processes) < count:
            processes.append(multiprocessing.Process(target=run_grading_worker, name="grading worker"))
            processes[-1].start()
        over.wait(RESPAWN_SECONDS)
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes:
        process.join(max(0.0, deadline - time.monotonic()))
        process.kill()  # what it had begun is graded again at the next start
        process.join()


def run_grading_worker() -> None:
    """Be a grading worker of a server."""
    _follow_parent()
    worker.work()


def create_worker_app() -> Flask:
    """Return the application of a worker process."""
    _follow_parent()
    granian_answers.let_other_threads_answer()
    granian_answers.stop_on_signals()
    app = create_app()
    observability.lines.write_together()
    gc.collect()
    gc.freeze()  # what is here now stays; looking through it again and again would halt all threads for 0.1 s
    return app


def _follow_parent() -> None:
    """Stop when the parent says so, or is no more."""
    # Ctrl-C reaches the whole foreground group, and a worker of granian 2.8 that is told to stop twice hangs.
    os.setpgid(0, 0)
    # Workers of a parent that was killed would keep the port, and serve on unwatched.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        parent = multiprocessing.parent_process()
        if parent is not None and not parent.is_alive():  # it was killed before it could be followed
            sys.exit()


def check_free(host: str, port: int) -> None:
    """Say in one sentence that the port is taken."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(f"Cannot listen on {host}:{port}: {error.strerror}. Try --port.") from None
