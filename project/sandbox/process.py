"""A sandboxed process, as the judge sees it: it is started by a zygote, carries out commands, and ends or is killed."""

import json
import math
import os
import signal
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from enum import Enum, auto
from functools import partial
from typing import Any

from project.sandbox.command import Command
from project.sandbox.command_channel import CommandChannel
from project.sandbox.errors import SandboxError
from project.sandbox.ipc import OutputPipe, packet_sockets
from project.sandbox.limits import Limits
from project.sandbox.outcome import ExitReport, Outcome, TerminationReason, termination_reason
from project.sandbox.watchdog import LimitExceeded, Watchdog

SETUP_SECONDS = 10.0
REAP_SECONDS = 5.0  # a killed process is gone in milliseconds; if not, something is wrong with the host
MAX_STATUS_MESSAGE = 16 * 1024


class State(Enum):
    """The states of a process, in their order."""

    STARTING = auto()  # it is being set up, or waits for its first command
    RUNNING = auto()  # it carries out commands, within its time limits
    KILLED = auto()  # it was sent SIGKILL, and has not been reaped
    EXITED = auto()  # the zygote has reaped it; some of its output may not have been read


class SandboxedProcess:
    """One process, used once and by one thread.

    The event loop calls the `handlers` of its descriptors and `check_time`, until `has_ended`.
    """

    def __init__(self, level: int, limits: Limits, watchdog: Watchdog | None = None) -> None:
        self.level = level
        self.limits = limits
        self.watchdog = watchdog or Watchdog(level, limits)
        with ExitStack() as stack:  # closes those that were opened if there are no descriptors for the others
            self._channel = CommandChannel(stack, limits.output_bytes)
            self._status, self._their_status = packet_sockets(stack)
            self._stdout = stack.enter_context(OutputPipe(limits.output_bytes))
            self._stderr = stack.enter_context(OutputPipe(limits.output_bytes))
            stack.pop_all()
        self._state = State.STARTING
        self._is_locked_down = False
        self._pidfd = -1
        self._deadline = 0.0  # of every state but RUNNING, whose limits the watchdog checks
        self._kill_reasons: set[TerminationReason] = set()
        self._report: ExitReport | None = None
        self._wall_ms = 0.0

    # For the zygote

    def descriptors_for_zygote(self) -> list[int]:
        """Return the ends that the zygote gets: status, control, stdout, stderr."""
        sockets = [self._their_status.fileno(), self._channel.process_end]
        return [*sockets, self._stdout.writing_end, self._stderr.writing_end]

    def close_zygote_ends(self) -> None:
        """Close this process's copies of them, so that the end of each can be read."""
        self._their_status.close()
        self._channel.close_process_end()
        self._stdout.close_writing_end()
        self._stderr.close_writing_end()

    def adopt(self, limits: Limits) -> None:
        """Replace the limits that the judge enforces, before the first command."""
        self.limits = self.watchdog.limits = limits
        for holder in (self._channel, self._stdout, self._stderr):
            holder.limit = limits.output_bytes

    # For the judge

    def execute(
        self, commands: Sequence[Command], latest: float = math.inf, peers: Sequence["SandboxedProcess"] = ()
    ) -> None:
        """Set the commands, which the event loop sends one after the other once the process is ready.

        The wall time ends at `latest`, in seconds of the monotonic clock, at the latest. It does not include the CPU
        time of the `peers`, for which this process waits.
        """
        self._channel.enqueue(commands)
        self.watchdog.configure(latest, [peer.watchdog.clock for peer in peers])
        self._deadline = time.monotonic() + SETUP_SECONDS
        self._run_if_ready()

    def kill(self, reason: TerminationReason | None = None) -> None:
        """Kill the process and all its threads, through a pidfd: a process id could by now be that of another one."""
        if reason:
            self._kill_reasons.add(reason)
        if self._state is State.EXITED:
            return
        if self._state is not State.KILLED:
            self._state = State.KILLED
            self._deadline = time.monotonic() + REAP_SECONDS
        if self._pidfd >= 0:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def elapsed(self) -> float:
        """Return the seconds since its first command, without those in which the machine was busy with others."""
        return self.watchdog.elapsed()

    def outcome(self) -> Outcome:
        """Return the outcome of a process that has ended."""
        report = self._report
        if report is None:
            raise SandboxError("the process has not ended")
        clock = self.watchdog.clock
        reason = termination_reason(report, self._kill_reasons, self.limits, completed=self._channel.is_completed)
        return Outcome(
            reason=reason,
            limits=self.limits,
            exit_status=report.exit_status,
            stdout=self._stdout.data(),
            stderr=self._stderr.data(),
            outputs=[output.data() for output in self._channel.outputs],
            replies=self._channel.replies,
            # Of a tree, the report lacks the processes that were killed with it.
            cpu_ms=max(clock.cpu() * 1000, report.cpu_ms - clock.before * 1000),
            wall_ms=self._wall_ms,
            memory_bytes=max(clock.peak_memory, report.memory_bytes),
        )

    def close(self) -> None:
        """Kill the process if it has not ended, and close all descriptors."""
        self.kill()
        self.close_zygote_ends()
        self._channel.close()
        self._status.close()
        for output in self._outputs():
            output.close()
        if self._pidfd >= 0:
            os.close(self._pidfd)
            self._pidfd = -1

    # For the event loop

    @property
    def has_exited(self) -> bool:
        """Whether it has exited."""
        return self._state is State.EXITED

    @property
    def has_ended(self) -> bool:
        """Whether it has exited, and all its output and messages were read."""
        return self.has_exited and not self._channel.is_open and all(output.is_closed for output in self._outputs())

    def handlers(self) -> dict[int, Callable[[], None]]:
        """Return what to call when a descriptor is readable."""
        outputs = [output for output in self._outputs() if not output.is_closed]
        found: dict[int, Callable[[], None]] = {output.fileno(): partial(self._read, output) for output in outputs}
        if self._channel.is_open:
            found[self._channel.fileno()] = self._receive_from_process
        if self._state is not State.EXITED:
            found[self._status.fileno()] = self._receive_from_zygote
        return found

    def check_time(self) -> float:
        """Kill the process if it exceeds a limit; return the seconds until the next check.

        Raises:
            SandboxError: it was not set up, or did not end, in the time that this takes on a healthy host.

        """
        if self._state is State.RUNNING:
            try:
                return self.watchdog.check()
            except LimitExceeded as limit:
                self.kill(limit.reason)
        remaining = self._deadline - time.monotonic()
        if remaining <= 0:
            raise SandboxError("a sandboxed process could not be set up or ended in time")
        return remaining

    # Internal

    def _outputs(self) -> list[OutputPipe]:
        return [self._stdout, self._stderr, *self._channel.outputs]

    def _read(self, output: OutputPipe) -> None:
        if not output.read():
            self.kill(TerminationReason.OUTPUT_LIMIT)

    def _receive_from_zygote(self) -> None:
        message, descriptors, _, _ = socket.recv_fds(self._status, MAX_STATUS_MESSAGE, 1)
        status: dict[str, Any] = json.loads(message) if message else {"failed": "the zygote has ended"}
        if "failed" in status:
            raise SandboxError(status["failed"])
        if "pid" in status:
            if not descriptors:
                raise SandboxError("the zygote sent no pidfd")
            self._pidfd = descriptors[0]
            self.watchdog.clock.watch(status["pid"])
            self._run_if_ready()
        else:
            self._state = State.EXITED
            self._report = ExitReport(int(status["exit"]), status["cpu_ms"], int(status["memory_bytes"]))
            self._wall_ms = self.watchdog.stop()
            self._deadline = time.monotonic() + REAP_SECONDS

    def _receive_from_process(self) -> None:
        message = self._channel.receive()
        if not self._is_locked_down:
            self._confirm_lockdown(message)
        elif not message:
            self._channel.close()
        elif not self._channel.handle_reply(message):
            self.kill(TerminationReason.PROTOCOL_VIOLATION)

    def _confirm_lockdown(self, message: bytes) -> None:
        if message != b"sandboxed":
            error = message.decode("utf-8", "replace") or "the process ended before it was locked down"
            raise SandboxError(error)
        self._is_locked_down = True
        self._run_if_ready()

    def _run_if_ready(self) -> None:
        """Send the first command, and start measuring time, once the process is known and locked down."""
        is_ready = self._is_locked_down and self._pidfd >= 0 and self._channel.has_commands
        if self._state is State.STARTING and is_ready:
            self._state = State.RUNNING
            self.watchdog.start()
            self._channel.send_next()
