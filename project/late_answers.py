"""Answers that wait for the database together: whoever runs their batch sends them, and no thread waits.

Threads that wait each for its own answer have to be woken one by one, and stand in line for Python's lock: that took
longer than all else (docs/adr/0009). Granian lets any thread answer, which `project/granian_answers.py` makes use of;
under another server the thread of the request waits.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Generic, NamedTuple, TypeVar

import structlog
from werkzeug import Response

from project.batcher import Done
from project.envelope import Answer

Result = TypeVar("Result")
StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

log = structlog.get_logger()

# Where Flask answers what turned out to be no answer of the hot path: errors, mostly. Whoever runs a batch has no time.
_flasks = ThreadPoolExecutor(4, thread_name_prefix="left to flask")


class Whole(NamedTuple):
    """An answer with all that is sent of it."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def status_line(self) -> str:
        """Return the status as WSGI has it."""
        return f"{self.status} {HTTPStatus(self.status).phrase.upper()}"


Send = Callable[[int, list[tuple[str, str]], bytes], None]


@dataclass(frozen=True, slots=True)
class Awaited(Generic[Result]):
    """What an answer waits for, and what makes it of that; the latter may raise."""

    submit: Callable[[Done[Result]], None]
    answer: Callable[[Result], Answer]

    def outcome(self, result: Result | Exception) -> Answer | Exception:
        """Return the answer, or what went wrong."""
        if isinstance(result, Exception):
            return result
        try:
            return self.answer(result)
        except Exception as error:  # noqa: BLE001 - whatever it was, it is the request's
            return error


class LateAnswer:
    """The body of an answer that has not even a status yet.

    `finish` makes a whole one of its outcome, or leaves it to Flask by returning None.
    """

    def __init__(
        self,
        awaited: Awaited[Any],
        finish: Callable[[Answer | Exception], Whole | None],
        flask: Application,
        environ: dict[str, Any],
        start_response: StartResponse,
    ) -> None:
        self._awaited = awaited
        self._finish = finish
        self._flask = flask
        self._environ = environ
        self._start_response = start_response

    def send_by(self, send: Send) -> None:
        """Have whoever gets the outcome send the answer; return at once, unless that is this thread."""

        def done(result: Any) -> None:
            try:
                whole = self._finish(self._awaited.outcome(result))
                if whole:
                    send(*whole)
                else:
                    _flasks.submit(self._send_flasks, send)
            except Exception:  # the trouble of one request is not that of its batch
                log.exception("answer_not_sent", path=self._environ["PATH_INFO"])

        self._awaited.submit(done)

    def _send_flasks(self, send: Send) -> None:
        with closing(Response.from_app(self._flask, self._environ, buffered=True)) as response:
            send(response.status_code, response.headers.to_wsgi_list(), response.get_data())

    def __iter__(self) -> Iterator[bytes]:
        """Wait for the outcome, and answer as WSGI has it."""
        results: list[Any] = []
        waits = threading.Semaphore(0)

        def done(result: Any) -> None:
            results.append(result)
            waits.release()

        self._awaited.submit(done)
        waits.acquire()
        whole = self._finish(self._awaited.outcome(results[0]))
        if whole:
            self._start_response(whole.status_line, whole.headers)
            yield whole.body
        else:
            response = Response.from_app(self._flask, self._environ, buffered=True)
            yield from response(self._environ, self._start_response)
