"""In the sandbox: take the judge's orders one by one, and carry them out in the learner's language.

An order is a message with a descriptor of its JSON text, and further descriptors that it needs:

    load      answer, language, name, files  runs the answer's body, which may open and import the files
    program   answer, language, files; stdin  runs the answer as a program that reads an input
    run       code                           runs test code after the answer
    call      function, arguments, keywords  calls a function of the answer
    construct function, arguments, keywords  makes an object of a class of the answer
    method    method, arguments, keywords    calls a method of that object
    serve     module, shared; bridge         lets a tester in another sandbox call the answer
    test      source, filename, module, files, shared, reading_ms; bridge   is that tester

When a call, construct or method raises an exception, that is the reply, and the judge may go on or hang up.

All but `load` bring a `nonce` and a fresh standard output, and are answered with that nonce. The process shares its
memory with the learner's code, so nothing here is secret, and nothing that it says is believed without question.
"""

import contextlib
import json
import os
import random
import socket
import sys
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TextIO

from . import files
from .bridge import learner, tester
from .bridge.errors import ProtocolViolation
from .failures import BROKEN, OUT_OF_MEMORY, RAISED, Failure
from .languages import LANGUAGES, Language
from .lockdown import CONTROL, STDIN, STDOUT
from .sizes import MAX_VALUE_BYTES

MAX_DESCRIPTORS = 4
CALLS = (b"call", b"construct", b"method")

Order = Mapping[str, Any]


def serve() -> NoReturn:
    """Carry out orders until the judge hangs up, or something fails; then end the process."""
    status = BROKEN
    try:
        random.seed()  # or every run would draw the same numbers: the state was copied with the process
        # Its status was read when the zygote was told of it; asking again is not allowed at every level.
        control = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, 0, fileno=CONTROL)
        session = _Session(control)
        while session.next_order():
            pass
        status = 0
    except Failure as failure:
        status = failure.status
        with contextlib.suppress(BaseException):
            sys.stderr.write(failure.text)
    except BaseException:  # noqa: BLE001, S110 - of a runner that the learner broke: the status says so
        pass
    with contextlib.suppress(BaseException):
        _flush(sys.stdout)
    with contextlib.suppress(BaseException):
        _flush(sys.stderr)
    os._exit(status)


class _Session:
    """One answer, and what is done with it."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.language: Language | None = None
        self.failure: Failure | None = None  # of the last call, which the judge has been told

    def next_order(self) -> bool:
        """Carry out the next order; return False when there are no more."""
        message, descriptors, _, _ = socket.recv_fds(self.control, 64, MAX_DESCRIPTORS)
        if not message and self.failure:
            raise self.failure
        if not message:
            return False
        self.failure = None
        order = _read(descriptors[0])
        actions: dict[str, Callable[[Order, list[int]], Any]] = {
            "load": self.load,
            "program": self.program,
            "run": self.run,
            "call": self.call,
            "construct": self.construct,
            "method": self.method,
            "serve": self.serve,
            "test": self.test,
        }
        if message == b"load":
            self.load(order, [])
            _flush(sys.stdout)
            self.control.send(b'{"phase": "ready"}')
            return True
        _replace(STDOUT, descriptors[1])
        phase = "done"
        try:
            value = actions[message.decode()](order, descriptors[2:])
        except Failure as failure:
            if failure.raised is None or message not in CALLS:
                raise
            self.failure = failure
            phase, value = "raised", json.dumps(failure.raised)
        _flush(sys.stdout)
        answer = {"phase": phase, "nonce": order["nonce"]} | ({} if value is None else {"value": value})
        self.control.send(json.dumps(answer, ensure_ascii=False).encode())
        return True

    def load(self, order: Order, _: list[int]) -> None:
        self.language = LANGUAGES[order["language"]]()
        files.provide(order.get("files", {}))
        self.language.load(order["answer"], order["name"])

    def program(self, order: Order, descriptors: list[int]) -> None:
        _replace(STDIN, descriptors[0])
        self.language = LANGUAGES[order["language"]]()
        files.provide(order.get("files", {}))
        self.language.program(order["answer"])

    def run(self, order: Order, _: list[int]) -> None:
        self._loaded().run(order["code"])

    def call(self, order: Order, _: list[int]) -> str:
        return _short(self._loaded().call(order["function"], order["arguments"], order["keywords"]))

    def construct(self, order: Order, _: list[int]) -> None:
        self._loaded().construct(order["function"], order["arguments"], order["keywords"])

    def method(self, order: Order, _: list[int]) -> str:
        return _short(self._loaded().method(order["method"], order["arguments"], order["keywords"]))

    def serve(self, order: Order, descriptors: list[int]) -> None:
        try:
            learner.serve(descriptors[0], {order["module"]: self._loaded().module()}, order["shared"])
        except MemoryError:
            raise Failure(OUT_OF_MEMORY, "MemoryError\n") from None

    def test(self, order: Order, descriptors: list[int]) -> None:
        # What tests print goes to standard error, since standard output is for the results; some leave a stream of
        # their own in its place.
        with contextlib.redirect_stdout(sys.stderr):
            try:
                files.provide(order["files"])
                results = tester.run(
                    order["source"],
                    order["filename"],
                    order["module"],
                    files.modules(order["files"]),
                    descriptors[0],
                    order["reading_ms"] / 1000,
                    order["shared"],
                )
            except ProtocolViolation as violation:
                results = violation.results
        _write_all(STDOUT, json.dumps(results, ensure_ascii=False).encode("utf-8", "replace"))

    def _loaded(self) -> Language:
        if self.language is None:
            raise Failure(BROKEN, "no answer was loaded\n")
        return self.language


def _short(text: str) -> str:
    if len(text.encode()) > MAX_VALUE_BYTES:
        raise Failure(RAISED, f"The value is longer than {MAX_VALUE_BYTES} bytes as JSON.\n")
    return text


def _read(descriptor: int) -> Order:
    """Return an order's JSON text, from a file in memory."""
    size = os.lseek(descriptor, 0, os.SEEK_END)
    order: Order = json.loads(os.pread(descriptor, size, 0))
    os.close(descriptor)
    return order


def _flush(stream: TextIO) -> None:
    """Write out what is left, unless the learner closed the stream, which does that too."""
    if not stream.closed:
        stream.flush()


def _replace(number: int, descriptor: int) -> None:
    os.dup2(descriptor, number, inheritable=False)
    os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
