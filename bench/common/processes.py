"""Servers that a benchmark starts on the loopback interface, and ends."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.common.measure import Wrong

HOST = "127.0.0.1"
START_SECONDS = 120
STOP_SECONDS = 30
PAUSE_SECONDS = 0.1
LOG_END = 2000  # characters of the log that an error shows
OK = 200
SIGNAL_STATUS = 128  # what shells add to the number of the signal that ended a program


def end_orderly() -> None:
    """Let SIGTERM and SIGHUP end this process as Ctrl-C does, with all processes that it started."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _: sys.exit(SIGNAL_STATUS + number))


def end_undisturbed() -> None:
    """Ignore all signals that end a process: a second Ctrl-C would leave servers behind."""
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.SIG_IGN)


@contextmanager
def data_directory() -> Iterator[Path]:
    """Make a directory for a server's data, which is gone at the end of the block."""
    directory = Path(tempfile.mkdtemp(prefix="eval-bench-"))
    directory.chmod(0o711)  # root's PostgreSQL is another user
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def free_port() -> int:
    """Return a port of the loopback interface on which no program listens."""
    with socket.create_server((HOST, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(
    command: Sequence[str], log: Path, *, environment: Mapping[str, str], directory: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a program in a session of its own; end it, and all that is left of its session, after the block."""
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own commands
            command, cwd=directory, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process that leads a session, and the others of it that do not end with it."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    finally:
        for pid in _session(process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()


def _session(leader: int) -> Iterator[int]:
    for directory in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended since, and so it should
            if os.getsid(int(directory.name)) == leader:
                yield int(directory.name)


def wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the address is answered with 200. Raises `Wrong` when the process ends, or in two minutes."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(url) as response:  # noqa: S310 - a server of ours
            if response.status == OK:
                return
        time.sleep(PAUSE_SECONDS)
    raise Wrong(f"The server does not get ready:\n{log.read_text(errors='replace')[-LOG_END:]}")
