"""One run, seen from the judge: a process that is given orders, watched, and killed when it goes too far."""

import json
import math
import os
import secrets
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from typing import Any

from project.sandbox.errors import SandboxError
from project.sandbox.limits import Limits
from project.sandbox.order import LOAD, Order, Reply
from project.sandbox.outcome import EXIT_ENDINGS, Ending, Outcome
from project.sandbox.process_clock import ProcessClock
from project.sandbox.stream import Stream, file_in_memory, socket_pair

CORES = os.cpu_count() or 1
MIN_CPU_CHECK_SECONDS = 0.004
IDLE_SHARE = 0.1  # of its wall time: a run that computes for less is idle
# Below the level of a user of its own, the kernel counts the threads of all runs together: what one has is ours to see.
OWN_THREADS_LEVEL, THREADS_CHECK_SECONDS = 3, 0.02
SETUP_SECONDS = 10.0
REAP_SECONDS = 5.0  # a killed process is gone in milliseconds; if not, something is wrong with the host
MAX_MESSAGE = 160 * 1024  # of what a call may return, with each quote and backslash doubled, and the rest of the answer


class Run:
    """A sandbox that is being made, waits for orders, works, or is over. Used once, by one thread."""

    def __init__(self, level: int, limits: Limits) -> None:
        self.level = level
        self.limits = limits
        with ExitStack() as made:  # closed when descriptors run out halfway
            self._control, self._their_control = socket_pair(made)
            self._status, self._their_status = socket_pair(made)
            self._stdout, self._stderr = (made.enter_context(Stream(limits.output_bytes)) for _ in range(2))
            made.pop_all()
        self._outputs: list[Stream] = []
        self._replies: list[Reply] = []
        self._orders: deque[Order] = deque()
        self._sent: tuple[Order, str] | None = None  # the order that is being carried out, and its nonce
        self._ready = False  # locked down, and waiting
        self._is_through = False  # every order was carried out
        self._is_killed = False
        self._pidfd = -1
        self._exit: dict[str, Any] | None = None
        self._reasons: set[Ending] = set()
        self._began = self._wall_ms = self._deadline = self._idle_check = 0.0
        self._clock = ProcessClock()
        self._others: tuple[Run, ...] = ()
        self._latest = math.inf

    # Being made

    def descriptors_for_zygote(self) -> list[int]:
        """Return the ends that the zygote gets: status, control, stdout, stderr."""
        sockets = [self._their_status.fileno(), self._their_control.fileno()]
        return [*sockets, self._stdout.writing_end, self._stderr.writing_end]

    def forget_zygote_ends(self) -> None:
        """Close them on our side: else an end of file would never be seen."""
        self._their_status.close()
        self._their_control.close()
        self._stdout.close_writing_end()
        self._stderr.close_writing_end()

    # At work

    def begin(self, orders: Sequence[Order], latest: float = math.inf, *others: "Run") -> None:
        """Give the orders, which are carried out one after the other by `watch`.

        The wall time leaves out what the machine had for others, and what the runs computed for which this one waits.
        None is left when it is `latest`, in seconds of the monotonic clock.
        """
        self._orders.extend(orders)
        self._latest = latest
        self._others = others
        self._deadline = time.monotonic() + SETUP_SECONDS
        self._start()

    def kill(self, reason: Ending | None = None) -> None:
        """End the process, with all that it has started. Only kernel objects are addressed, never a path or a pid."""
        if reason:
            self._reasons.add(reason)
        if not self._is_killed:
            self._is_killed = True
            self._deadline = time.monotonic() + REAP_SECONDS
        if self._pidfd >= 0 and self._exit is None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    @property
    def is_over(self) -> bool:
        """Whether it has ended, and all that it wrote is read."""
        is_heard = self._control.fileno() < 0 and all(stream.is_over for stream in self._streams())
        return self._exit is not None and is_heard

    def handlers(self) -> dict[int, Callable[[], None]]:
        """Return what to do when a descriptor can be read."""
        streams = [stream for stream in self._streams() if not stream.is_over]
        found: dict[int, Callable[[], None]] = {stream.fileno(): partial(self._take, stream) for stream in streams}
        if self._control.fileno() >= 0:
            found[self._control.fileno()] = self._hear_learner
        if self._exit is None:
            found[self._status.fileno()] = self._hear_zygote
        return found

    def check_time(self) -> float:
        """Kill it if its time is over, or its threads are too many; return when to ask again, in seconds from now.

        Raises:
            SandboxError: it was not made, or did not end, in the time that takes on a healthy host.

        """
        left = self._deadline - time.monotonic()
        if not self._began or self._is_killed or self._exit is not None:
            if left <= 0:
                raise SandboxError("a run could not be made or ended in time")
            return left
        if left <= 0:
            left = min(left + self._lost(), self._latest - time.monotonic())
        if time.monotonic() >= self._idle_check:
            # When it will have been idle for too long, if it computes no more.
            wall = max(self.limits.idle_ms / 1000, self._clock.cpu() / IDLE_SHARE)
            self._idle_check = self._began + self._clock.longest_delay() + self._lost_to_others() + wall
        left = min(left, self._idle_check - time.monotonic())
        cpu_left = self.limits.cpu_ms / 1000 - self._clock.cpu()
        if left <= 0 or cpu_left <= 0:
            self.kill(Ending.TIME_LIMIT)
            return REAP_SECONDS
        if self.level < OWN_THREADS_LEVEL:
            if self._clock.threads() > self.limits.threads:
                self.kill(Ending.RUNTIME_ERROR)
                return REAP_SECONDS
            left = min(left, THREADS_CHECK_SECONDS)
        return min(left, max(MIN_CPU_CHECK_SECONDS, cpu_left / CORES))

    def lasted(self) -> float:
        """Return the seconds since it was given its orders, without those that the machine had for others."""
        return time.monotonic() - self._began - self._clock.delay() if self._began else 0.0

    def _lost(self) -> float:
        """Return the seconds that the machine had for others, or that the runs computed for which this one waits."""
        return self._clock.delay() + self._lost_to_others()

    def _lost_to_others(self) -> float:
        return sum(run._clock.delay() + run._clock.cpu() for run in self._others)  # noqa: SLF001

    def outcome(self) -> Outcome:
        """Return how it ended, once it is over."""
        ended = self._exit or {}
        return Outcome(
            ending=self._ending(int(ended["exit"]), int(ended["memory_bytes"])),
            limits=self.limits,
            exit_status=int(ended["exit"]),
            stdout=self._stdout.data(),
            stderr=self._stderr.data(),
            outputs=[stream.data() for stream in self._outputs],
            replies=self._replies,
            cpu_ms=max(0.0, ended["cpu_ms"] - self._clock.before * 1000),
            wall_ms=self._wall_ms,
            memory_bytes=int(ended["memory_bytes"]),
        )

    def close(self) -> None:
        """End it, and let go of everything."""
        self.kill()
        self.forget_zygote_ends()
        self._control.close()
        self._status.close()
        for stream in self._streams():
            stream.close()
        self._drop_orders()
        if self._pidfd >= 0:
            os.close(self._pidfd)
            self._pidfd = -1

    # Inside

    def _streams(self) -> list[Stream]:
        return [self._stdout, self._stderr, *self._outputs]

    def _take(self, stream: Stream) -> None:
        if not stream.read():
            self.kill(Ending.OUTPUT_LIMIT)

    def _hear_zygote(self) -> None:
        message, descriptors, _, _ = socket.recv_fds(self._status, MAX_MESSAGE, 1)
        report: dict[str, Any] = json.loads(message) if message else {"failed": "the zygote is gone"}
        if "failed" in report:
            raise SandboxError(report["failed"])
        if "pid" in report and not descriptors:
            raise SandboxError("no descriptor of the process arrived")
        if "pid" in report:
            self._pidfd = descriptors[0]
            self._clock.watch(report["pid"])
            self._start()
        else:
            self._exit = report
            self._clock.stop()
            self._wall_ms = (time.monotonic() - self._began) * 1000 if self._began else 0.0
            self._deadline = time.monotonic() + REAP_SECONDS

    def _hear_learner(self) -> None:
        try:
            message = self._control.recv(MAX_MESSAGE)
        except OSError:
            message = b""
        if not message and not self._ready:
            raise SandboxError("the process ended before it was locked down")
        if not message:
            self._hang_up()
        elif not self._ready:
            if message != b"sandboxed":
                raise SandboxError(message.decode("utf-8", "replace"))
            self._ready = True
            self._start()
        elif not self._is_answer(message):
            self._hang_up()
            self.kill(Ending.PROTOCOL_VIOLATION)
        else:
            order, self._sent = self._sent, None
            if self._replies and self._replies[-1].is_exception and order and not order[0].may_raise:
                self._hang_up()
            else:
                self._send_next()

    def _start(self) -> None:
        """Send the first order, once there is one, and the process is known and locked down; time runs from now on."""
        if not self._orders or not self._ready or self._pidfd < 0:
            return
        self._began = time.monotonic()
        self._clock.begin()
        self._deadline = self._began + self.limits.wall_ms / 1000
        self._idle_check = self._began + self.limits.idle_ms / 1000
        self._send_next()

    def _send_next(self) -> None:
        """Send the next order; without one, hang up, so that the process ends."""
        if not self._orders:
            self._hang_up()
            return
        order, nonce = self._orders.popleft(), secrets.token_hex(16)
        with ExitStack() as ours:
            # Closed also when sending fails: a writing end of ours would keep a pipe from ever ending.
            ours.callback(order.close)
            descriptors = [file_in_memory(json.dumps({**order.content, "nonce": nonce}).encode())]
            ours.callback(os.close, descriptors[0])
            if order.name != LOAD:
                self._outputs.append(Stream(self.limits.output_bytes))
                ours.callback(self._outputs[-1].close_writing_end)
                descriptors.append(self._outputs[-1].writing_end)
            self._sent = order, nonce
            try:
                socket.send_fds(self._control, [order.name.encode()], [*descriptors, *order.descriptors])
            except OSError:
                self._hang_up()  # the process is gone: its end will say why

    def _hang_up(self) -> None:
        """Say no more. Whoever waits at the other end of an order that is left must know that it will not be done."""
        self._control.close()
        self._is_through = not self._orders and self._sent is None
        self._drop_orders()

    def _drop_orders(self) -> None:
        for order in self._orders:
            order.close()
        self._orders.clear()

    def _is_answer(self, message: bytes) -> bool:
        """Whether this is what the order calls for; keeps the reply."""
        if self._sent is None:
            return False
        order, nonce = self._sent
        with suppress(ValueError):
            reply = order.read_answer(message, nonce)
            if order.name != LOAD:
                self._replies.append(reply)
            return True
        return False

    def _ending(self, status: int, memory_bytes: int) -> Ending:
        for reason in Ending:
            if reason in self._reasons:
                return reason
        if status in EXIT_ENDINGS:
            return EXIT_ENDINGS[status]
        if status == 0 and self._is_through:
            return Ending.DONE
        # Big mappings fail with an OSError, which a learner may have caught and turned into something else.
        is_full = memory_bytes >= self.limits.memory_bytes * 9 // 10
        return Ending.MEMORY_LIMIT if is_full else Ending.RUNTIME_ERROR
