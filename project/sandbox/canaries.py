"""Programs that try to escape from a sandbox, run in a real one when it starts and every few minutes.

That the kernel reports success for a restriction is not enough: the restriction has to resist these programs.
"""

import os
import secrets
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from project.sandbox import interpreter
from project.sandbox.command import Command
from project.sandbox.errors import SandboxUnavailable
from project.sandbox.event_loop import run_until_ended
from project.sandbox.limits import Limits
from project.sandbox.outcome import Outcome, TerminationReason
from project.sandbox.process import SandboxedProcess

REFUSED = b"refused"
# Prints REFUSED when an attempt fails, and its result when it succeeds.
TRY = """
def attempt(action):
    try:
        result = action()
    except (OSError, MemoryError, ValueError, ImportError, EOFError) as error:
        print("refused", end="")
    else:
        print("BROKEN", result, end="")
"""


@dataclass(frozen=True, slots=True)
class Canary:
    """A program, and the termination reason that shows that a restriction is in force."""

    name: str
    program: str
    reason: TerminationReason = TerminationReason.COMPLETED
    limits: Limits = field(default_factory=Limits)


def _attempt(name: str, action: str) -> Canary:
    return Canary(name, f"{TRY}\nimport ctypes, mmap, os, resource, signal, socket, sys\nattempt({action})")


def canaries(secret_file: str, port: int, abstract: str) -> Iterator[Canary]:
    """Return the programs; the three resources of the host that they try to reach exist."""
    yield Canary("works at all", "print('refused', end='')")
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
    yield Canary("no environment", f"import os; print('refused' if set(os.environ) <= {known} else 'BROKEN', end='')")
    yield Canary(
        "no kernel interfaces", "import ctypes; ctypes.CDLL(None).unshare(0x10000000)", TerminationReason.FORBIDDEN_CALL
    )
    yield Canary("ends in time", "while True: pass", TerminationReason.TIME_LIMIT, Limits(cpu_ms=40, wall_ms=1000))


def check(start_process: Callable[[Limits], SandboxedProcess]) -> None:
    """Run all canaries.

    Raises:
        SandboxUnavailable: restrictions are not in force; the message names them.

    """
    with _bait() as (secret_file, port, abstract, secret):
        missing = [
            canary.name
            for canary in canaries(secret_file, port, abstract)
            if not _is_contained(canary, _run(start_process, canary), secret)
        ]
    if missing:
        raise SandboxUnavailable(f"these restrictions are not in force: {', '.join(missing)}")


def _run(start_process: Callable[[Limits], SandboxedProcess], canary: Canary) -> Outcome:
    process = start_process(canary.limits)
    try:
        null = os.open(os.devnull, os.O_RDONLY)
        process.execute([Command("program", {"answer": canary.program, "language": "python"}, [null])])
        run_until_ended(process)
        return process.outcome()
    finally:
        process.close()


def _is_contained(canary: Canary, outcome: Outcome, secret: str) -> bool:
    if secret.encode() in outcome.stdout + outcome.stderr + b"".join(outcome.outputs):
        return False
    has_refused = canary.reason is not TerminationReason.COMPLETED or outcome.outputs == [REFUSED]
    return outcome.reason is canary.reason and has_refused


@contextmanager
def _bait() -> Iterator[tuple[str, int, str, str]]:
    """Provide what an attacker would look for: a readable file, a listening port, a listening abstract socket."""
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
