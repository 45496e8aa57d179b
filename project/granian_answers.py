"""Answers that are sent by other threads than took the request, which is free again.

Granian 2.8 draws a WSGI answer's pieces on the thread that took the request, until there are no more. Here its protocol
object is handed on: of an answer that goes on for minutes to a thread of its own, of one that waits for the database
with others to whoever runs their batch. docs/adr/0015 says what else was tried, and why nobody but that thread may
touch the protocol object from then on.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from granian.server import mp

from project.late_answers import LateAnswer

RUNNER_MAKER = "_wsgi_call_wrap"  # of `granian.server.mp`: makes of an application what a worker calls

# What ends all long answers of this process.
_stops: list[Callable[[], None]] = []


class LongAnswer(Iterator[bytes]):
    """The pieces of an answer that may wait long for the next one. The body of a response with `direct_passthrough`."""

    def close(self) -> None:
        """Give back what the answer holds: its client has all of it, or is gone."""


class GranianProtocol(Protocol):
    """What granian gives to its runner of a WSGI application, to answer one request."""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Answer with a whole body."""

    def response_iter(self, status: int, headers: list[tuple[str, str]], body: Any) -> None:
        """Answer with the pieces of `body.inner`, one after the other; return when all are sent."""


class _Forwarding:
    """A protocol object that lets other threads send what this one would have to wait for."""

    __slots__ = ("_protocol", "response_bytes")

    def __init__(self, protocol: GranianProtocol) -> None:
        self._protocol = protocol
        self.response_bytes = protocol.response_bytes

    def response_iter(self, status: int, headers: list[tuple[str, str]], body: Any) -> None:
        if isinstance(body.inner, LateAnswer):
            body.inner.send_by(self.response_bytes)
            return
        send = self._protocol.response_iter
        if isinstance(body.inner, LongAnswer):
            threading.Thread(target=send, args=(status, headers, body), name="long answer", daemon=True).start()
        else:
            send(status, headers, body)


def let_other_threads_answer() -> None:
    """Let the granian worker that this process is about to become send answers as this module has it."""
    # Granian has no public place for it: tests of a running server tell when it is another one.
    make_runner = getattr(mp, RUNNER_MAKER)

    def make_forwarding_runner(*arguments: Any) -> Callable[..., Any]:
        run = make_runner(*arguments)
        return lambda protocol, scope: run(_Forwarding(protocol), scope)

    setattr(mp, RUNNER_MAKER, make_forwarding_runner)


def on_stop(stop: Callable[[], None]) -> None:
    """Have `stop` called when the process is told to end: granian waits for all answers, and kills who takes long."""
    _stops.append(stop)


def stop_on_signals() -> None:
    """Watch for the signals that end the process, whoever handles them. For its main thread to call."""
    told, tells = os.pipe()
    os.set_blocking(tells, False)
    signal.set_wakeup_fd(tells, warn_on_full_buffer=False)
    threading.Thread(target=_wait_for_signal, args=(told,), name="signals", daemon=True).start()


def _wait_for_signal(told: int) -> None:
    while os.read(told, 1)[0] not in {signal.SIGINT, signal.SIGTERM}:
        pass
    for stop in _stops:
        stop()
