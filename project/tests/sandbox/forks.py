"""Programs in forks of an interpreter that has imported their modules already: see launchers/forking.py."""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path

SCRIPT = Path(__file__).parent / "launchers" / "forking.py"


class Fork:
    """A process, with the methods of `subprocess.Popen` that do not need its parent."""

    def __init__(self, pid, pidfd):
        self.pid = pid
        self._pidfd = pidfd

    def has_ended(self, seconds=0):
        """Whether it has ended, or ends within so many seconds; None: wait as long as it takes."""
        return bool(select.select([self._pidfd], [], [], seconds)[0])

    def poll(self):
        """Return None until it has ended. Its exit status is not known here."""
        return 0 if self.has_ended() else None

    def wait(self, timeout=None):
        if not self.has_ended(timeout):
            raise subprocess.TimeoutExpired("a fork", timeout)

    def kill(self):
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def __del__(self):
        os.close(self._pidfd)


class ForkingInterpreter:
    """An interpreter that has carried out a preparation, such as imports."""

    def __init__(self, preparation, command, environment):
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [*command, str(SCRIPT), preparation]
            self._process = subprocess.Popen(command, stdin=theirs, env=environment, cwd="/")

    def fork(self, source, *arguments, descriptors):
        """Run a program with these descriptors: its standard streams, and others, whose numbers are arguments, too."""
        socket.send_fds(self._socket, [json.dumps([source, arguments]).encode()], descriptors)
        pid, (pidfd,), _, _ = socket.recv_fds(self._socket, 16, 1)
        return Fork(int(pid), pidfd)

    def close(self):
        """End it."""
        self._socket.close()
        self._process.wait()


class Program:
    """A program whose standard streams are files in memory, until it is closed."""

    def __init__(self, fork, stdout, stderr):
        self._fork = fork
        self._stdout, self._stderr = stdout, stderr

    def wait(self, seconds):
        """Wait until it has ended; fail after so many seconds."""
        assert self._fork.has_ended(seconds), f"the program is still running; so far it printed {self.printed()}"

    def printed(self):
        """Return what it has printed on its standard output and on its standard error."""
        return _content(self._stdout), _content(self._stderr)


@contextmanager
def program(interpreter, source, *arguments, stdin, descriptor):
    """Run a program with the content of its standard input and another descriptor, and kill it at the end."""
    with ExitStack() as stack:
        files = [stack.enter_context(_memory_file()) for _ in range(3)]
        files[0].write(stdin)
        files[0].seek(0)
        fork = interpreter.fork(source, *arguments, descriptors=[*(file.fileno() for file in files), descriptor])
        stack.callback(fork.kill)
        yield Program(fork, *files[1:])


def _memory_file():
    return os.fdopen(os.memfd_create("standard stream"), "w+b", buffering=0)


def _content(file):
    """Return the content of a file; its position is that of the program."""
    return os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0)


@cache
def forking_interpreter(preparation, command=(sys.executable, "-P"), environment=None):
    """Return an interpreter with this preparation, which all tests share; `environment`: pairs of names and values."""
    made = ForkingInterpreter(preparation, command, environment and dict(environment))
    atexit.register(made.close)
    return made
