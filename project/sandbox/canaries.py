"""Programs that try to break out of a sandbox, run in a real one when it starts and every few minutes.

A wall that the kernel reports as built is believed only when something has run against it.
"""

import os
import secrets
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from project.sandbox import interpreter
from project.sandbox.errors import SandboxUnavailable
from project.sandbox.limits import Limits
from project.sandbox.order import Order
from project.sandbox.outcome import Ending, Outcome
from project.sandbox.run import Run
from project.sandbox.watch import watch

HELD = b"held"
# Prints HELD when an attempt is refused, and what happened when it is not.
TRY = """
def attempt(action):
    try:
        result = action()
    except (OSError, MemoryError, ValueError, ImportError, EOFError) as error:
        print("held", end="")
    else:
        print("BROKEN", result, end="")
"""


@dataclass(frozen=True, slots=True)
class Canary:
    """A program, and the ending that shows that a wall holds."""

    name: str
    program: str
    ending: Ending = Ending.DONE
    limits: Limits = field(default_factory=Limits)


def _attempt(name: str, action: str) -> Canary:
    return Canary(name, f"{TRY}\nimport ctypes, mmap, os, resource, signal, socket, sys\nattempt({action})")


def canaries(secret_file: str, port: int, abstract: str) -> Iterator[Canary]:
    """Return the programs; the three things of the host that they reach for exist."""
    yield Canary("works at all", "print('held', end='')")
    yield _attempt("no files of the host", f"lambda: open({secret_file!r}).read()")
    yield _attempt("no changes to the interpreter", "lambda: open(os.__file__, 'a')")
    yield _attempt("no process files", "lambda: open('/proc/self/environ').read()")
    yield _attempt("no network", f"lambda: socket.create_connection(('127.0.0.1', {port}), 1)")
    yield _attempt("no sockets of the host", f"lambda: socket.socket(socket.AF_UNIX).connect({chr(0) + abstract!r})")
    yield _attempt("no processes", "os.fork")
    yield _attempt("no programs", "lambda: os.execv('/bin/sh', ['sh', '-c', 'echo out'])")
    yield _attempt("no signals to others", "lambda: os.kill(os.getppid() or 2, 0)")
    yield _attempt("no executable memory", "lambda: mmap.mmap(-1, 4096, prot=7)")
    yield _attempt("no higher limits", "lambda: resource.setrlimit(resource.RLIMIT_AS, (-1, -1))")
    yield _attempt("no more memory", "lambda: bytearray(1 << 30)")
    known = {*interpreter.ENVIRONMENT, "LC_CTYPE"}  # which Python sets itself
    yield Canary("no environment", f"import os; print('held' if set(os.environ) <= {known} else 'BROKEN', end='')")
    yield Canary("no kernel interfaces", "import ctypes; ctypes.CDLL(None).unshare(0x10000000)", Ending.FORBIDDEN_CALL)
    yield Canary("ends in time", "while True: pass", Ending.TIME_LIMIT, Limits(cpu_ms=40, wall_ms=1000))


def check(start_run: Callable[[Limits], Run]) -> None:
    """Run them all.

    Raises:
        SandboxUnavailable: naming the walls that do not hold.

    """
    with _bait() as (secret_file, port, abstract, secret):
        fallen = [
            canary.name
            for canary in canaries(secret_file, port, abstract)
            if not _holds(canary, _run(start_run, canary), secret)
        ]
    if fallen:
        raise SandboxUnavailable(f"these walls do not hold: {', '.join(fallen)}")


def _run(start_run: Callable[[Limits], Run], canary: Canary) -> Outcome:
    run = start_run(canary.limits)
    try:
        run.begin(
            [Order("program", {"answer": canary.program, "language": "python"}, [os.open(os.devnull, os.O_RDONLY)])]
        )
        watch(run)
        return run.outcome()
    finally:
        run.close()


def _holds(canary: Canary, outcome: Outcome, secret: str) -> bool:
    if secret.encode() in outcome.stdout + outcome.stderr + b"".join(outcome.outputs):
        return False
    return outcome.ending is canary.ending and (canary.ending is not Ending.DONE or outcome.outputs == [HELD])


@contextmanager
def _bait() -> Iterator[tuple[str, int, str, str]]:
    """Offer what an attacker would look for: a readable file, a listening port, a listening abstract socket."""
    secret, abstract = secrets.token_hex(16), f"eval-canary-{secrets.token_hex(8)}"
    with ExitStack() as stack:
        file = stack.enter_context(tempfile.NamedTemporaryFile("w"))
        file.write(secret)
        file.flush()
        os.fchmod(file.fileno(), 0o644)
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        local = stack.enter_context(socket.socket(socket.AF_UNIX))
        local.bind(f"\0{abstract}")
        local.listen()
        yield file.name, listener.getsockname()[1], abstract, secret
