"""Processes of the service in forks of an interpreter that has imported its packages: see prepared_interpreter.py.

To import them takes most of the time of a start. The processes are as real as others: they have their own environment,
session, streams and signals.
"""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from functools import cache
from pathlib import Path

SCRIPT = Path(__file__).with_name("prepared_interpreter.py")


class PreparedProcess:
    """A process, with the methods of `subprocess.Popen` that tests use."""

    def __init__(self, pid, status):
        self.pid = pid
        self.returncode = None
        self._status = status
        self._lock = threading.Lock()

    def wait(self, timeout=None):
        """Wait until it has ended, and return its exit status."""
        with self._lock:
            if self.returncode is None:
                has_ended = select.poll()
                has_ended.register(self._status, select.POLLIN)
                if not has_ended.poll(None if timeout is None else timeout * 1000):
                    raise subprocess.TimeoutExpired(str(self.pid), timeout)
                with os.fdopen(self._status) as status:
                    self.returncode = int(status.read())
        return self.returncode

    def poll(self):
        """Return its exit status, or None while it runs."""
        if self._lock.locked():  # another thread waits for its end
            return None
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def send_signal(self, number):
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self):
        self.send_signal(signal.SIGKILL)


class PreparedInterpreter:
    """An interpreter that has imported the packages, and waits for programs."""

    def __init__(self):
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._lock = threading.Lock()
        command = [sys.executable, SCRIPT]
        with theirs:
            self._process = subprocess.Popen(command, stdin=theirs, stdout=subprocess.DEVNULL, start_new_session=True)

    def start(self, program, streams):
        reading, writing = os.pipe()
        with self._lock:
            socket.send_fds(self._socket, [json.dumps(program).encode()], [*streams, writing])
            os.close(writing)
            return PreparedProcess(int(self._socket.recv(16)), reading)

    def close(self):
        self._socket.close()
        self._process.wait()


@cache
def prepared_interpreter():
    """Return the interpreter of all tests of this process."""
    made = PreparedInterpreter()
    atexit.register(made.close)
    return made


def start_prepared(arguments, directory, environment, stdout, stderr):
    """Start `python ARGUMENTS`, without input, with these open files as its outputs."""
    program = {"arguments": list(map(str, arguments)), "directory": str(directory), "environment": environment}
    with Path(os.devnull).open("rb") as stdin:
        return prepared_interpreter().start(program, [stdin.fileno(), stdout.fileno(), stderr.fileno()])


def run_prepared(arguments, directory, environment, timeout):
    """Run `python ARGUMENTS`, without input, and return the `subprocess.CompletedProcess` with its outputs as text."""
    with _memory_file() as stdout, _memory_file() as stderr:
        process = start_prepared(arguments, directory, environment, stdout, stderr)
        try:
            status = process.wait(timeout)
        finally:
            process.kill()
            process.wait()
        return subprocess.CompletedProcess(arguments, status, _content(stdout), _content(stderr))


def _memory_file():
    return os.fdopen(os.memfd_create("output"), "w+b", buffering=0)


def _content(file):
    """Return the content of a file; its position is that of the process."""
    return os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0).decode()
