"""The processes of a server: kept running by their parent, and ended together."""

import multiprocessing
import os
import signal
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess

import structlog

STOP_SECONDS = 10  # what a request may still take when the service is stopped
CHECK_SECONDS = 0.2  # between two looks whether all processes run
RESTART_SECONDS = 1.0  # at least, from one start of a process to the next
# A process that ends more often than so within so many seconds cannot run: it is no use to start it again.
MAX_STARTS, STARTS_SECONDS = 12, 30.0

# Of the socket by which processes are forked: sockaddr_un holds 107 bytes, and multiprocessing adds this to TMPDIR.
SOCKET_BYTES = 107 - len("/pymp-12345678/listener-12345678")

log = structlog.get_logger()


def _processes() -> ForkServerContext | SpawnContext:
    """Return what starts processes.

    They are forked from one that has imported the service, and done nothing else: it has no sockets, threads or locks
    that they would share. Importing takes longer than all else that a process does to start. Where TMPDIR is too long
    for the socket of that one, each imports by itself.
    """
    if len(os.fsencode(tempfile.gettempdir())) > SOCKET_BYTES:
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["project.front.server", "project.cli.main"])
    return context


class CannotRun(Exception):
    """A process ends again and again."""


class Starts:
    """When a process was started lately. Out of memory, the kernel may kill a process a few times."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=MAX_STARTS)

    def add(self, now: float) -> None:
        """Note a start."""
        self._times.append(now)

    def is_due(self, now: float) -> bool:
        """Whether it may be started again by now."""
        return not self._times or now - self._times[-1] >= RESTART_SECONDS

    def are_too_many(self, now: float) -> bool:
        """Whether one more would be too many."""
        return len(self._times) == MAX_STARTS and now - self._times[0] <= STARTS_SECONDS


@dataclass
class _Process:
    running: BaseProcess | None = None
    starts: Starts = field(default_factory=Starts)


@dataclass
class Workers:
    """Processes that do the same. Where one that is `vital` cannot run, the server ends."""

    name: str
    count: int
    target: Callable[..., None]
    arguments: tuple[object, ...] = ()
    is_vital: bool = False

    def __post_init__(self) -> None:
        self._processes = [_Process() for _ in range(self.count)]

    def keep_running(self) -> None:
        """Start those that do not run. Raises `CannotRun`."""
        for one in self._processes:
            now = time.monotonic()
            if (one.running is not None and one.running.is_alive()) or not one.starts.is_due(now):
                continue
            if one.running is not None:
                log.error("process_ended", process=self.name, pid=one.running.pid, status=one.running.exitcode)
                if self.is_vital and one.starts.are_too_many(now):
                    raise CannotRun(self.name)
            one.running = _processes().Process(target=self.target, args=self.arguments, name=self.name)
            one.running.start()
            one.starts.add(now)
            log.info("process_started", process=self.name, pid=one.running.pid)

    def running(self) -> list[BaseProcess]:
        """Return those that were started."""
        return [one.running for one in self._processes if one.running is not None]


def supervise(kinds: Sequence[Workers]) -> None:
    """Keep processes running until SIGINT or SIGTERM, and then end them. Raises `CannotRun`."""
    with _signals_as_input() as signalled:
        try:
            while not wait([signalled], CHECK_SECONDS):
                for workers in kinds:
                    workers.keep_running()
        finally:
            _end([process for workers in kinds for process in workers.running()])


@contextmanager
def _signals_as_input() -> Iterator[int]:
    """Yield a file descriptor that can be read once SIGINT or SIGTERM has come."""
    reads, writes = os.pipe()
    os.set_blocking(writes, False)
    handlers = {one: signal.signal(one, lambda *_: os.write(writes, b"1")) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield reads
    finally:
        for one, handler in handlers.items():
            signal.signal(one, handler)
        os.close(reads)
        os.close(writes)


def _end(processes: Sequence[BaseProcess]) -> None:
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes:
        process.join(max(0.0, deadline - time.monotonic()))
        if process.is_alive():
            log.warning("process_killed", process=process.name, pid=process.pid)
            process.kill()  # what it had begun to grade is graded again at the next start
            process.join()


def follow_parent() -> None:
    """Let this process end when its parent says so, or has ended."""
    # Ctrl-C reaches the whole foreground group; it is the parent that ends its processes.
    os.setpgid(0, 0)
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def end_with_parent() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    # Processes of a parent that was killed would keep the port, and serve on unwatched.
    threading.Thread(target=end_with_parent, name="parent", daemon=True).start()
