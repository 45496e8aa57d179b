"""Starts and stops servers on the loopback interface."""

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

from bench.common.measure import BenchmarkError

HOST = "127.0.0.1"
START_SECONDS = 120
STOP_SECONDS = 30
PAUSE_SECONDS = 0.1
LOG_END = 2000  # characters of the log in an error message
OK = 200
SIGNAL_STATUS = 128  # what shells add to the number of the signal that ended a program


def stop_on_signals() -> None:
    """Make SIGTERM and SIGHUP stop this process and all processes that it started, as Ctrl-C does."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _: sys.exit(SIGNAL_STATUS + number))


def ignore_signals() -> None:
    """Ignore the signals that stop a process: a second Ctrl-C would leave servers running."""
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.SIG_IGN)


@contextmanager
def data_directory() -> Iterator[Path]:
    """Create a directory for a server's data; remove it after the block."""
    directory = Path(tempfile.mkdtemp(prefix="eval-bench-"))
    directory.chmod(0o711)  # started by root, PostgreSQL runs as another user
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
    """Start a program in a session of its own; stop all processes of the session after the block."""
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own commands
            command, cwd=directory, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Stop the leader of a session, and kill the processes of the session that still run."""
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
        with suppress(OSError):  # it has ended
            if os.getsid(int(directory.name)) == leader:
                yield int(directory.name)


def wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a GET returns 200. Raises `BenchmarkError` if the process ends, and after two minutes."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(url) as response:  # noqa: S310 - a server of ours
            if response.status == OK:
                return
        time.sleep(PAUSE_SECONDS)
    raise BenchmarkError(f"The server did not become ready:\n{log.read_text(errors='replace')[-LOG_END:]}")
