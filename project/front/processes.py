"""The processes of a server: forked and kept running by their parent, and ended together.

The parent has imported the service, and has one thread and no connections: what it shares with its children is memory.
Importing takes longer than all else that a process does to start.
"""

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess

import structlog

STOP_SECONDS = 10  # what a request may still take when the service is stopped
CHECK_SECONDS = 0.2  # between two looks whether all processes run
RESTART_SECONDS = 1.0  # at least, from one start of a process to the next
# A process that ends more often than so within so many seconds cannot run: it is no use to start it again.
MAX_STARTS, STARTS_SECONDS = 12, 30.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)

FORK = multiprocessing.get_context("fork")
log = structlog.get_logger()


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

    def keep_running(self, parent: "Parent") -> None:
        """Start those that do not run. Raises `CannotRun`."""
        for one in self._processes:
            now = time.monotonic()
            if (one.running is not None and one.running.is_alive()) or not one.starts.is_due(now):
                continue
            if one.running is not None:
                log.error("process_ended", process=self.name, pid=one.running.pid, status=one.running.exitcode)
                if self.is_vital and one.starts.are_too_many(now):
                    raise CannotRun(self.name)
            one.running = FORK.Process(target=_run, args=(parent, self.target, self.arguments), name=self.name)
            with _signals_blocked():
                one.running.start()
            one.starts.add(now)
            log.info("process_started", process=self.name, pid=one.running.pid)

    def running(self) -> list[BaseProcess]:
        """Return those that were started."""
        return [one.running for one in self._processes if one.running is not None]


class Parent:
    """What a parent has for itself: a pipe that ends with it, and another that tells it of signals."""

    def __init__(self) -> None:
        self._ends, self._lives = os.pipe()
        self.signalled, self._signals = os.pipe()
        os.set_blocking(self._signals, False)

    @contextmanager
    def receives_signals(self) -> Iterator[None]:
        """Let `signalled` be readable once SIGINT or SIGTERM has come, instead of ending the process."""
        handlers = {one: signal.signal(one, lambda *_: os.write(self._signals, b"1")) for one in STOP_SIGNALS}
        try:
            yield
        finally:
            for one, handler in handlers.items():
                signal.signal(one, handler)

    def become_child(self) -> None:
        """Let go of what is the parent's, in a process that was forked, and let this process end with its parent.

        Else the processes of a parent that was killed would keep the port, and serve on unsupervised.
        """
        for descriptor in (self._lives, self.signalled, self._signals):
            os.close(descriptor)

        def end_with_parent() -> None:
            os.read(self._ends, 1)
            os.kill(os.getpid(), signal.SIGTERM)

        threading.Thread(target=end_with_parent, name="parent", daemon=True).start()

    def close(self) -> None:
        """Close the pipes. Children that still run end."""
        for descriptor in (self._ends, self._lives, self.signalled, self._signals):
            os.close(descriptor)


def supervise(kinds: Sequence[Workers]) -> None:
    """Keep processes running until SIGINT or SIGTERM, and then end them. Raises `CannotRun`."""
    if threading.active_count() > 1:  # a child would have the locks that they hold, and nobody to release them
        raise RuntimeError(f"processes are forked beside other threads: {threading.enumerate()}")
    parent = Parent()
    with closing(parent), parent.receives_signals():
        try:
            while not wait([parent.signalled], CHECK_SECONDS):
                for workers in kinds:
                    workers.keep_running(parent)
        finally:
            _end([process for workers in kinds for process in workers.running()])


@contextmanager
def _signals_blocked() -> Iterator[None]:
    """Let a signal to a new child wait until that no longer handles it as its parent does."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _run(parent: Parent, target: Callable[..., None], arguments: Sequence[object]) -> None:
    """Be a child."""
    # Ctrl-C reaches the whole foreground group; it is the parent that ends its processes.
    os.setpgid(0, 0)
    for one in (*STOP_SIGNALS, signal.SIGHUP):
        signal.signal(one, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
    parent.become_child()
    target(*arguments)


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
