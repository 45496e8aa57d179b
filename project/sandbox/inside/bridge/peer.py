"""The conversation: one side asks, the other answers, and may ask back before it does.

Each message is one of three: a question (operation, number of the object, arguments), an answer (a value), or a failure
(an exception). With it go the objects to be given back and the containers that changed. The sides take turns strictly,
so that whoever waits for an answer knows that it, or a question that belongs to it, is the next thing to come.
"""

import threading
from typing import Any, Protocol

from .channel import Channel
from .costs import Costs
from .crossing import Bare, Crossing, Gate
from .decoder import decode
from .encoder import encode
from .errors import BridgeError, CannotCross, Ended, OutOfMemory, ProtocolViolation
from .reading import is_comparing
from .remotes import Remote
from .specials import IMPLICIT

QUESTION, ANSWER, FAILURE = b"?", b"=", b"!"
MAX_NESTING = 50  # questions within questions; each is about a dozen of Python's 1,000 frames
SMALL = 512  # bytes of a message: what is less is read at once, at any rate
HEADROOM = 80  # frames that a question takes, so that the stack's end is not met halfway through one


class Side(Gate, Protocol):
    """What distinguishes the learner's side from the tester's."""

    trusting: bool

    def perform(self, operation: str, target: Any, arguments: tuple[Any, ...]) -> Any:
        """Carry out what the other side asks for, on an object of this side (None: on the side as a whole)."""


class Peer:
    """One side of the conversation. Any thread may ask; they take turns."""

    def __init__(self, descriptor: int, side: Side) -> None:
        self.trusting = side.trusting
        self.failure: BridgeError | None = None  # after which nothing more is said
        self.costs = None if side.trusting else Costs()  # of reading messages
        self._side = side
        self._channel = Channel(descriptor)
        self._crossing = Crossing(self, side)
        # What objects of the other side said of themselves, for as long as this side may be reading it.
        self.snapshots: dict[tuple[str, int], Any] = {}
        self._pending = self._crossing.shares.pending
        self._turn = threading.RLock()
        self._nesting = 0
        self._implicit = 0  # questions under way that come of comparing, hashing, showing...

    def ask(self, operation: str, remote: Remote | None, *arguments: Any) -> Any:
        """Have the other side do something, and return its answer or raise its exception. Raises BridgeError."""
        with self._turn:
            if self.failure is not None:
                raise Ended("The other side has ended.")
            if self._nesting > MAX_NESTING:
                raise RecursionError("maximum recursion depth exceeded")
            _headroom(HEADROOM)
            implicit = operation == "base" or (operation == "do" and arguments[0] in IMPLICIT)
            self._implicit += implicit
            try:
                if self.snapshots or self._pending:
                    self._settle()
                question = self._message(QUESTION, (operation, remote.number if remote else 0, arguments))
                return self._exchange(question)
            finally:
                self._implicit -= implicit

    def _exchange(self, question: bytes) -> Any:
        try:
            self._channel.send(question)
            return self._await()
        except (Ended, ProtocolViolation) as failure:
            self.failure = self.failure or failure
            raise

    def serve(self) -> None:
        """Answer questions until the other side ends. Threads of the code that is asked may ask back meanwhile.

        Raises MemoryError when a message does not fit into this process, or none can be made any more.
        """
        with self._turn:
            while True:
                try:
                    message = self._channel.receive()
                    if message[:1] != QUESTION:
                        raise ProtocolViolation("An answer comes without a question.")
                    self._channel.send(self._answer(message[1:], alone=False))
                except Ended as end:
                    if isinstance(self.failure or end, OutOfMemory):
                        raise MemoryError from end  # noqa: TRY004 - what arrived was no argument
                    return

    def is_reading(self) -> bool:
        """Whether code of this side may be in the middle of reading what a message could change."""
        return self._implicit > 0 or is_comparing()

    def settle(self) -> None:
        """Let changes that wait take effect, as far as they can now."""
        if self._pending and self._turn.acquire(blocking=False):
            try:
                if not self.is_reading():
                    self._crossing.shares.apply()
            finally:
                self._turn.release()

    def dropped(self, number: int, times: int) -> None:
        """Note that an object of the other side is no longer held here."""
        self._crossing.dropped(number, times)

    def _await(self) -> Any:
        while True:
            message = self._channel.receive()
            kind = message[:1]
            if kind == QUESTION:
                self._channel.send(self._answer(message[1:], alone=True))
            elif kind == ANSWER:
                return self._read(message[1:])
            elif kind == FAILURE:
                error = self._read(message[1:])
                if not isinstance(error, BaseException):
                    raise ProtocolViolation("A failure is no exception.")
                raise error
            else:
                raise ProtocolViolation("A message is of no known kind.")

    def _answer(self, question: bytes, *, alone: bool) -> bytes:
        """Carry out a question, and return the message that answers it. `alone`: other threads wait meanwhile."""
        self._nesting += 1
        try:
            operation, number, arguments = self._question(question)
            target = self._crossing.exports.find(number) if number else None
            answer = self._perform(operation, target, arguments, alone=alone)
            return self._message(ANSWER, answer)
        except (Ended, ProtocolViolation):
            raise
        except BaseException as error:  # noqa: BLE001 - whatever is raised is the other side's to handle
            return self._failure(error)
        finally:
            self._nesting -= 1

    def _question(self, data: bytes) -> tuple[str, int, tuple[Any, ...]]:
        body = self._read(data)
        if type(body) is not tuple or tuple(map(type, body)) != (str, int, tuple):
            raise ProtocolViolation("A question is malformed.")
        return body

    def _perform(self, operation: str, target: Any, arguments: tuple[Any, ...], *, alone: bool) -> Any:
        if alone:
            return self._side.perform(operation, target, arguments)
        self._turn.release()
        try:
            return self._side.perform(operation, target, arguments)
        finally:
            self._turn.acquire()

    def _failure(self, error: BaseException) -> bytes:
        if isinstance(error, CannotCross):
            error = TypeError(str(error))
        try:
            return self._message(FAILURE, error)
        except CannotCross:
            return self._message(FAILURE, Bare(error))

    def _message(self, kind: bytes, body: Any) -> bytes:
        crossing = self._crossing
        try:
            shares = crossing.shares
            data = encode((crossing.returning(), shares.forget_unheld(), shares.changed(), body), crossing)
        except BaseException:
            crossing.failed()
            raise
        crossing.went()
        return kind + data

    def _decode(self, data: bytes) -> Any:
        if self.costs is None or len(data) < SMALL:
            return decode(data, self._crossing, self.costs)
        began = self.costs.begin()
        try:
            return decode(data, self._crossing, self.costs)
        finally:
            self.costs.end(began=began)

    def _read(self, data: bytes) -> Any:
        message = self._decode(data)
        if type(message) is not tuple or tuple(map(type, message[:3])) != (tuple, tuple, tuple) or len(message) != 4:  # noqa: PLR2004
            raise ProtocolViolation("A message is malformed.")
        returned, forgotten, _changed, body = message
        pairs_fit = all(type(pair) is tuple and tuple(map(type, pair)) == (int, int) for pair in returned)
        if not pairs_fit or not all(type(number) is int for number in forgotten):
            raise ProtocolViolation("A message is malformed.")
        self._crossing.exports.release(returned)
        self._crossing.shares.forget(forgotten)
        if self.snapshots or self._pending:
            self._settle()
        return body

    def _settle(self) -> None:
        """Let changes that wait take effect when the other side was asked for something, and may have changed."""
        if not self.is_reading():
            self.snapshots.clear()
            self._crossing.shares.apply()


def _headroom(frames: int) -> None:
    """Raise RecursionError now, if it would come within so many frames."""
    if frames:
        _headroom(frames - 1)
