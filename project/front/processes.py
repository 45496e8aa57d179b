"""The processes of a server: forked, restarted and stopped by a parent process.

The parent has imported the service, which takes most of the time of a start. It has one thread and no connections, so
that its children share only memory with it.
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

STOP_SECONDS = 10  # for the requests in progress when the server is stopped
CHECK_SECONDS = 0.2  # between two checks whether all processes run
RESTART_SECONDS = 1.0  # the least time from one start of a process to the next
# A process that was started so many times within so many seconds is in a crash loop, and not started again.
MAX_STARTS, STARTS_SECONDS = 12, 30.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)

FORK = multiprocessing.get_context("fork")
log = structlog.get_logger()


class CrashLoop(Exception):
    """A process has stopped soon after each of many starts."""


class RecentStarts:
    """The times of the last starts of a process. A few are normal: the kernel kills processes when memory is short."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=MAX_STARTS)

    def add(self, now: float) -> None:
        """Add a start."""
        self._times.append(now)

    def is_due(self, now: float) -> bool:
        """Whether the process may be started again now."""
        return not self._times or now - self._times[-1] >= RESTART_SECONDS

    def are_too_many(self, now: float) -> bool:
        """Whether the process is in a crash loop."""
        return len(self._times) == MAX_STARTS and now - self._times[0] <= STARTS_SECONDS


@dataclass
class _Process:
    running: BaseProcess | None = None
    starts: RecentStarts = field(default_factory=RecentStarts)


@dataclass
class Processes:
    """Processes of one kind. A crash loop of one stops the server if `is_vital`."""

    name: str
    count: int
    target: Callable[..., None]
    arguments: tuple[object, ...] = ()
    is_vital: bool = False

    def __post_init__(self) -> None:
        self._processes = [_Process() for _ in range(self.count)]

    def keep_running(self, parent: "Parent") -> None:
        """Start the processes that do not run. Raises `CrashLoop`."""
        for one in self._processes:
            now = time.monotonic()
            if (one.running is not None and one.running.is_alive()) or not one.starts.is_due(now):
                continue
            if one.running is not None:
                log.error("process_ended", process=self.name, pid=one.running.pid, status=one.running.exitcode)
                if self.is_vital and one.starts.are_too_many(now):
                    raise CrashLoop(self.name)
            one.running = FORK.Process(target=_run, args=(parent, self.target, self.arguments), name=self.name)
            with _signals_blocked():
                one.running.start()
            one.starts.add(now)
            log.info("process_started", process=self.name, pid=one.running.pid)

    def running(self) -> list[BaseProcess]:
        """Return the processes that were started."""
        return [one.running for one in self._processes if one.running is not None]


class Parent:
    """The pipes of the parent: one whose closing notifies children of its end, and one that receives its signals."""

    def __init__(self) -> None:
        self._lifetime_reader, self._lifetime_writer = os.pipe()
        self.signal_reader, self._signal_writer = os.pipe()
        os.set_blocking(self._signal_writer, False)

    @contextmanager
    def receives_signals(self) -> Iterator[None]:
        """Make SIGINT and SIGTERM write to the pipe of `signal_reader`, instead of ending the process."""
        handlers = {one: signal.signal(one, lambda *_: os.write(self._signal_writer, b"1")) for one in STOP_SIGNALS}
        try:
            yield
        finally:
            for one, handler in handlers.items():
                signal.signal(one, handler)

    def become_child(self) -> None:
        """In a forked process, close the parent's ends of the pipes, and stop this process when its parent ends.

        Without that, the processes of a killed parent would keep the port, and serve unsupervised.
        """
        for descriptor in (self._lifetime_writer, self.signal_reader, self._signal_writer):
            os.close(descriptor)

        def end_with_parent() -> None:
            os.read(self._lifetime_reader, 1)
            os.kill(os.getpid(), signal.SIGTERM)

        threading.Thread(target=end_with_parent, name="parent", daemon=True).start()

    def close(self) -> None:
        """Close the pipes. Children that still run stop."""
        for descriptor in (self._lifetime_reader, self._lifetime_writer, self.signal_reader, self._signal_writer):
            os.close(descriptor)


def supervise(groups: Sequence[Processes]) -> None:
    """Keep processes running until SIGINT or SIGTERM, and then stop them. Raises `CrashLoop`."""
    if threading.active_count() > 1:  # a child would inherit locks that no thread of it releases
        raise RuntimeError(f"processes are forked beside other threads: {threading.enumerate()}")
    parent = Parent()
    with closing(parent), parent.receives_signals():
        try:
            while not wait([parent.signal_reader], CHECK_SECONDS):
                for group in groups:
                    group.keep_running(parent)
        finally:
            _stop([process for group in groups for process in group.running()])


@contextmanager
def _signals_blocked() -> Iterator[None]:
    """Block signals to a new child until it no longer has the handlers of its parent."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _run(parent: Parent, target: Callable[..., None], arguments: Sequence[object]) -> None:
    """Run the target in a forked process."""
    # Ctrl-C signals the whole foreground process group, but the parent has to stop its processes.
    os.setpgid(0, 0)
    for one in (*STOP_SIGNALS, signal.SIGHUP):
        signal.signal(one, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
    parent.become_child()
    target(*arguments)


def _stop(processes: Sequence[BaseProcess]) -> None:
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes:
        process.join(max(0.0, deadline - time.monotonic()))
        if process.is_alive():
            log.warning("process_killed", process=process.name, pid=process.pid)
            process.kill()  # submissions that it was grading are graded after the next start
            process.join()
