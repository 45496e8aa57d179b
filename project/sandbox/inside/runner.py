"""The runner in a sandboxed process: receives the judge's commands one by one, and executes them.

A command is a message with its name, a descriptor of its content as JSON, and further descriptors that it needs:

    load      answer, language, name, files  runs the body of the answer, which may open and import the files
    program   answer, language, files; stdin  runs the answer as a program that reads an input
    run       code                           runs test code after the answer
    call      function, arguments, keywords  calls a function of the answer
    construct function, arguments, keywords  makes an object of a class of the answer
    method    method, arguments, keywords    calls a method of that object
    sql       setup, answer, query           runs an answer in SQL
    serve     module, shared; bridge         executes remote calls of a tester in another sandbox
    test      source, filename, module, files, shared, reading_ms; bridge   runs that tester

When a call, construct or method raises an exception, that is the reply, and the judge may continue or close the socket.

All except `load` have a `nonce`, which the reply repeats, and a fresh standard output. The process shares its memory
with the learner's code, so nothing here is secret, and the judge trusts none of its replies.
"""

import contextlib
import json
import os
import random
import socket
import sys
from collections.abc import Callable
from typing import Any, NoReturn, TextIO

from . import files
from .bridge import learner, tester
from .bridge.errors import ProtocolViolation
from .contents import CommandContent, read_content, write_all
from .failures import BROKEN, OUT_OF_MEMORY, RAISED, Failure
from .languages import RUNTIMES, LanguageRuntime
from .lockdown import CONTROL, STDIN, STDOUT
from .sizes import MAX_VALUE_BYTES

try:
    from .languages import sql
except ImportError:  # this Python was built without sqlite3; judging does not offer the language then
    sql = None  # type: ignore[assignment]

MAX_DESCRIPTORS = 4
CALLS = (b"call", b"construct", b"method")

Action = Callable[[CommandContent, list[int]], Any]


def serve() -> NoReturn:
    """Execute commands until the judge closes the socket, or one fails; then end the process."""
    status = BROKEN
    try:
        random.seed()  # or every run would draw the same numbers: the state was copied with the process
        # With all arguments: otherwise Python makes system calls to detect them, which are not allowed at every level.
        control = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, 0, fileno=CONTROL)
        session = _Session(control)
        while session.execute_next():
            pass
        status = 0
    except Failure as failure:
        status = failure.status
        with contextlib.suppress(BaseException):
            sys.stderr.write(failure.text)
    except BaseException:  # noqa: BLE001, S110 - the learner's code broke the runner; the exit status reports that
        pass
    with contextlib.suppress(BaseException):
        _flush(sys.stdout)
    with contextlib.suppress(BaseException):
        _flush(sys.stderr)
    os._exit(status)


class _Session:
    """One answer, and the commands for it."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.runtime: LanguageRuntime | None = None
        self.failure: Failure | None = None  # of the last call, which has been reported to the judge

    def execute_next(self) -> bool:
        """Execute the next command; return False if there are no more."""
        message, descriptors, _, _ = socket.recv_fds(self.control, 64, MAX_DESCRIPTORS)
        if not message and self.failure:
            raise self.failure
        if not message:
            return False
        self.failure = None
        content = read_content(descriptors[0])
        actions: dict[str, Action] = {
            "load": self.load,
            "program": self.program,
            "run": self.run,
            "call": self.call,
            "construct": self.construct,
            "method": self.method,
            "sql": self.sql,
            "serve": self.serve,
            "test": self.test,
        }
        if message == b"load":
            self.load(content, [])
            _flush(sys.stdout)
            self.control.send(b'{"phase": "ready"}')
            return True
        _replace(STDOUT, descriptors[1])
        phase = "done"
        try:
            value = actions[message.decode()](content, descriptors[2:])
        except Failure as failure:
            if failure.raised is None or message not in CALLS:
                raise
            self.failure = failure
            phase, value = "raised", json.dumps(failure.raised)
        _flush(sys.stdout)
        reply = {"phase": phase, "nonce": content["nonce"]} | ({} if value is None else {"value": value})
        self.control.send(json.dumps(reply, ensure_ascii=False).encode())
        return True

    def load(self, content: CommandContent, _: list[int]) -> None:
        self.runtime = RUNTIMES[content["language"]]()
        files.provide(content.get("files", {}))
        self.runtime.load(content["answer"], content["name"])

    def program(self, content: CommandContent, descriptors: list[int]) -> None:
        _replace(STDIN, descriptors[0])
        self.runtime = RUNTIMES[content["language"]]()
        files.provide(content.get("files", {}))
        self.runtime.program(content["answer"])

    def run(self, content: CommandContent, _: list[int]) -> None:
        self._loaded().run(content["code"])

    def call(self, content: CommandContent, _: list[int]) -> str:
        return _short(self._loaded().call(content["function"], content["arguments"], content["keywords"]))

    def construct(self, content: CommandContent, _: list[int]) -> None:
        self._loaded().construct(content["function"], content["arguments"], content["keywords"])

    def method(self, content: CommandContent, _: list[int]) -> str:
        return _short(self._loaded().method(content["method"], content["arguments"], content["keywords"]))

    def sql(self, content: CommandContent, _: list[int]) -> str:
        return sql.result(content["setup"], content["answer"], content["query"])

    def serve(self, content: CommandContent, descriptors: list[int]) -> None:
        try:
            learner.serve(descriptors[0], {content["module"]: self._loaded().module()}, content["shared"])
        except MemoryError:
            raise Failure(OUT_OF_MEMORY, "MemoryError\n") from None

    def test(self, content: CommandContent, descriptors: list[int]) -> None:
        # The output of tests goes to standard error, since standard output is for the results. Some tests replace the
        # stream, and do not restore it.
        with contextlib.redirect_stdout(sys.stderr):
            try:
                files.provide(content["files"])
                results = tester.run(
                    content["source"],
                    content["filename"],
                    content["module"],
                    files.modules(content["files"]),
                    descriptors[0],
                    content["reading_ms"] / 1000,
                    content["shared"],
                )
            except ProtocolViolation as violation:
                results = violation.results
        write_all(STDOUT, json.dumps(results, ensure_ascii=False).encode("utf-8", "replace"))

    def _loaded(self) -> LanguageRuntime:
        if self.runtime is None:
            raise Failure(BROKEN, "no answer was loaded\n")
        return self.runtime


def _short(text: str) -> str:
    if len(text.encode()) > MAX_VALUE_BYTES:
        raise Failure(RAISED, f"The value is longer than {MAX_VALUE_BYTES} bytes as JSON.\n")
    return text


def _flush(stream: TextIO) -> None:
    """Flush a stream, unless the learner's code closed it, which flushes it, too."""
    if not stream.closed:
        stream.flush()


def _replace(number: int, descriptor: int) -> None:
    os.dup2(descriptor, number, inheritable=False)
    os.close(descriptor)
