"""The judge's end of a zygote: a process from which sandboxed processes are cloned."""

import json
import logging
import os
import socket
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

from project.sandbox import interpreter
from project.sandbox.errors import SandboxError, SandboxUnavailable
from project.sandbox.ipc import OutputPipe
from project.sandbox.limits import Limits
from project.sandbox.process import SandboxedProcess

log = logging.getLogger(__name__)

START_SECONDS = 30.0
STOP_SECONDS = 5.0
MAX_MESSAGE = 64 * 1024
MAX_ERROR_BYTES = 4096  # of what a zygote writes to its standard error, which is logged when it ends


class Zygote:
    """A warm interpreter under the restrictions of an isolation level. Thread-safe.

    Raises:
        SandboxUnavailable: this host does not offer the level; the message says which step failed.

    """

    def __init__(self, level: int, *, launcher: Sequence[str] = ()) -> None:
        self.level = level
        self.started = 0  # how many processes it was requested to start
        self.in_use = 0  # how many of them have not been released; counted by the pool
        self.is_broken = False  # one of its processes could not be set up or supervised
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._errors = OutputPipe(MAX_ERROR_BYTES)
        # A write that does not fit into the pipe fails: a zygote that writes a lot must not wait for a reader.
        os.set_blocking(self._errors.writing_end, False)
        try:
            with theirs:
                self._process = self._start([*launcher, *interpreter.command()], theirs)
        except BaseException:
            self._errors.close()
            raise
        self._errors.close_writing_end()
        try:
            self.hello = self._hello(json.dumps(self._setup()).encode())
        except BaseException:
            self.close()
            raise

    def _setup(self) -> Mapping[str, Any]:
        """Return the settings that are sent to it at its start."""
        return interpreter.setup(self.level)

    def _new_process(self, limits: Limits) -> SandboxedProcess:
        """Return the judge's end of a new process."""
        return SandboxedProcess(self.level, limits)

    @property
    def warm_limits(self) -> Limits:
        """The limits of processes that are started in advance."""
        return Limits()

    def adapt(self, process: SandboxedProcess, limits: Limits) -> bool:
        """Give a process that was started in advance other limits; return whether it has them."""
        return process.limits == limits

    def _start(self, command: list[str], theirs: socket.socket) -> "subprocess.Popen[bytes]":
        try:
            return subprocess.Popen(  # noqa: S603 - our own interpreter and script
                command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=self._errors.writing_end,  # not the judge's: nothing may reach the server's terminal unescaped
                env=dict(interpreter.ENVIRONMENT),
                cwd="/",
                start_new_session=True,  # Ctrl-C ends the judge, which closes the socket, which ends the zygote
            )
        except OSError as error:
            raise SandboxUnavailable(f"level {self.level}: the zygote did not start: {error}") from None

    def _hello(self, setup: bytes) -> dict[str, Any]:
        self._socket.settimeout(START_SECONDS)
        try:
            self._socket.send(setup)
            message = self._socket.recv(MAX_MESSAGE)
        except OSError as error:
            raise SandboxUnavailable(f"level {self.level}: the zygote did not start: {error}") from None
        hello: dict[str, Any] = json.loads(message) if message else {"failed": "the zygote ended"}
        if "failed" in hello:
            raise SandboxUnavailable(f"level {self.level}: {hello['failed']}")
        self._socket.settimeout(None)
        return hello

    @property
    def pid(self) -> int:
        """Its process id."""
        return int(self._process.pid)

    def start_process(self, limits: Limits) -> SandboxedProcess:
        """Request a fresh sandboxed process, without waiting until it is set up.

        Raises:
            SandboxError: the zygote has ended.

        """
        self.started += 1
        try:
            process = self._new_process(limits)
        except OSError as error:  # out of descriptors, or memory
            raise SandboxError(f"a sandboxed process could not be started: {error}") from None
        try:
            socket.send_fds(self._socket, [json.dumps(limits.as_json()).encode()], process.descriptors_for_zygote())
        except OSError as error:
            self.is_broken = True
            process.close()
            raise SandboxError(f"the zygote has ended: {error}") from None
        finally:
            process.close_zygote_ends()
        return process

    def close(self) -> None:
        """Close the socket, which ends the zygote and all its processes."""
        self._socket.close()
        if self.is_broken:
            self._process.kill()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log_errors()

    def _log_errors(self) -> None:
        """Log what it wrote to its standard error, up to a limit and as one line: tracebacks, in practice."""
        if self._errors.is_closed:
            return
        self._errors.read()
        self._errors.close()
        if text := self._errors.data().decode("utf-8", "backslashreplace"):
            log.warning("zygote %s wrote to its standard error: %r", self.pid, text)

    def is_sound(self) -> bool:
        """Whether it is running, and has set up every process that was requested."""
        return not self.is_broken and self._process.poll() is None

    def __del__(self) -> None:
        if getattr(self, "_socket", None) is not None and self._socket.fileno() >= 0:
            os.close(self._socket.detach())
        if getattr(self, "_errors", None) is not None:
            self._errors.close()
