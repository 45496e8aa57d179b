"""Remote calls in both directions: one side sends a request, the other responds, and may send requests before it does.

A message is a request (operation, number of the object, arguments), a result (a value), or an error (an exception). It
also carries the references to be returned and the shared containers that changed. The sides alternate strictly: the
next message after a request is its response, or a nested request.
"""

import threading
from typing import Any, Protocol

from .channel import Channel
from .decoder import decode
from .encoder import encode
from .errors import BridgeError, ConnectionClosed, MarshallingError, OutOfMemory, ProtocolViolation
from .marshalling import ExportPolicy, Marshaller, StatelessException
from .read_budget import ReadBudget
from .read_detection import is_comparing
from .references import RemoteReference
from .special_methods import IMPLICIT

REQUEST, RESULT, ERROR = b"?", b"=", b"!"
MAX_NESTING = 50  # of requests in requests; each takes about a dozen of Python's 1,000 frames
SMALL = 512  # bytes of a message: shorter ones are read in no time, and not counted
HEADROOM = 80  # frames that a request takes: the stack must not overflow in the middle of one


class Side(ExportPolicy, Protocol):
    """The differences between the learner's side and the tester's."""

    trusting: bool

    def execute(self, operation: str, target: Any, arguments: tuple[Any, ...]) -> Any:
        """Execute a request of the other side on a local object, or without one (None)."""


class Peer:
    """One end of the connection. Thread-safe: calls of several threads are made one after the other."""

    def __init__(self, descriptor: int, side: Side) -> None:
        self.trusting = side.trusting
        self.failure: BridgeError | None = None  # after which no more messages are sent
        self.read_budget = None if side.trusting else ReadBudget()  # of reading messages
        self._side = side
        self._channel = Channel(descriptor)
        self._marshaller = Marshaller(self, side)
        # Attributes and values of remote objects, cached as long as local code may be comparing them.
        self.snapshots: dict[tuple[str, int], Any] = {}
        self._deferred = self._marshaller.containers.deferred
        self._turn = threading.RLock()
        self._nesting = 0
        self._implicit = 0  # requests in progress that result from comparing, hashing, formatting...

    def call(self, operation: str, reference: RemoteReference | None, *arguments: Any) -> Any:
        """Make a remote call: return its result or raise its exception. Raises BridgeError."""
        with self._turn:
            if self.failure is not None:
                raise ConnectionClosed("The other side has closed the connection.")
            if self._nesting > MAX_NESTING:
                raise RecursionError("maximum recursion depth exceeded")
            _require_frames(HEADROOM)
            implicit = operation == "base" or (operation == "call" and arguments[0] in IMPLICIT)
            self._implicit += implicit
            try:
                if self.snapshots or self._deferred:
                    self._apply_deferred_changes()
                request = self._encode_message(REQUEST, (operation, reference.number if reference else 0, arguments))
                return self._exchange(request)
            finally:
                self._implicit -= implicit

    def _exchange(self, request: bytes) -> Any:
        try:
            self._channel.send(request)
            return self._receive_response()
        except (ConnectionClosed, ProtocolViolation) as failure:
            self.failure = self.failure or failure
            raise

    def serve(self) -> None:
        """Respond to requests until the other side closes the connection. All threads may make calls during that.

        Raises MemoryError when there is not enough memory to read or encode a message.
        """
        with self._turn:
            while True:
                try:
                    message = self._channel.receive()
                    if message[:1] != REQUEST:
                        raise ProtocolViolation("A response arrived without a request.")
                    self._channel.send(self._handle_request(message[1:], exclusive=False))
                except ConnectionClosed as end:
                    if isinstance(self.failure or end, OutOfMemory):
                        raise MemoryError from end  # noqa: TRY004 - not a type error
                    return

    def is_reading(self) -> bool:
        """Whether local code may be in the middle of reading what a message could change."""
        return self._implicit > 0 or is_comparing()

    def apply_deferred_changes(self) -> None:
        """Apply deferred changes, unless something reads the containers."""
        if self._deferred and self._turn.acquire(blocking=False):
            try:
                if not self.is_reading():
                    self._marshaller.containers.apply_deferred()
            finally:
                self._turn.release()

    def reference_released(self, number: int, times: int) -> None:
        """Record that no reference to a remote object is left here."""
        self._marshaller.reference_released(number, times)

    def _receive_response(self) -> Any:
        while True:
            message = self._channel.receive()
            kind = message[:1]
            if kind == REQUEST:
                self._channel.send(self._handle_request(message[1:], exclusive=True))
            elif kind == RESULT:
                return self._read_message(message[1:])
            elif kind == ERROR:
                error = self._read_message(message[1:])
                if not isinstance(error, BaseException):
                    raise ProtocolViolation("An error is not an exception.")
                raise error
            else:
                raise ProtocolViolation("A message has an unknown kind.")

    def _handle_request(self, request: bytes, *, exclusive: bool) -> bytes:
        """Execute a request, and return the response. `exclusive`: other threads cannot make calls during that."""
        self._nesting += 1
        try:
            operation, number, arguments = self._read_request(request)
            target = self._marshaller.exports.find(number) if number else None
            result = self._execute(operation, target, arguments, exclusive=exclusive)
            return self._encode_message(RESULT, result)
        except (ConnectionClosed, ProtocolViolation):
            raise
        except BaseException as error:  # noqa: BLE001 - every exception is sent to the caller
            return self._error_message(error)
        finally:
            self._nesting -= 1

    def _read_request(self, data: bytes) -> tuple[str, int, tuple[Any, ...]]:
        body = self._read_message(data)
        if type(body) is not tuple or tuple(map(type, body)) != (str, int, tuple):
            raise ProtocolViolation("A request is malformed.")
        return body

    def _execute(self, operation: str, target: Any, arguments: tuple[Any, ...], *, exclusive: bool) -> Any:
        if exclusive:
            return self._side.execute(operation, target, arguments)
        self._turn.release()
        try:
            return self._side.execute(operation, target, arguments)
        finally:
            self._turn.acquire()

    def _error_message(self, error: BaseException) -> bytes:
        if isinstance(error, MarshallingError):
            error = TypeError(str(error))
        try:
            return self._encode_message(ERROR, error)
        except MarshallingError:
            return self._encode_message(ERROR, StatelessException(error))

    def _encode_message(self, kind: bytes, body: Any) -> bytes:
        marshaller = self._marshaller
        try:
            containers = marshaller.containers
            envelope = (marshaller.released_references(), containers.forget_unreferenced(), containers.changed(), body)
            data = encode(envelope, marshaller)
        except BaseException:
            marshaller.encoding_failed()
            raise
        marshaller.message_encoded()
        return kind + data

    def _decode(self, data: bytes) -> Any:
        if self.read_budget is None or len(data) < SMALL:
            return decode(data, self._marshaller, self.read_budget)
        began = self.read_budget.begin()
        try:
            return decode(data, self._marshaller, self.read_budget)
        finally:
            self.read_budget.end(began=began)

    def _read_message(self, data: bytes) -> Any:
        message = self._decode(data)
        if type(message) is not tuple or tuple(map(type, message[:3])) != (tuple, tuple, tuple) or len(message) != 4:  # noqa: PLR2004
            raise ProtocolViolation("A message is malformed.")
        returned, forgotten, _changed, body = message
        pairs_fit = all(type(pair) is tuple and tuple(map(type, pair)) == (int, int) for pair in returned)
        if not pairs_fit or not all(type(number) is int for number in forgotten):
            raise ProtocolViolation("A message is malformed.")
        self._marshaller.exports.release(returned)
        self._marshaller.containers.forget(forgotten)
        if self.snapshots or self._deferred:
            self._apply_deferred_changes()
        return body

    def _apply_deferred_changes(self) -> None:
        """Apply deferred changes and discard cached values around a remote call, unless something reads them."""
        if not self.is_reading():
            self.snapshots.clear()
            self._marshaller.containers.apply_deferred()


def _require_frames(frames: int) -> None:
    """Raise RecursionError if fewer frames than this are left."""
    if frames:
        _require_frames(frames - 1)
