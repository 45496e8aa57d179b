"""From a clone of the zygote to a process that a stranger may have. Every step is checked; none can be left out.

The answer is read only when all steps are done. When one fails, its name goes to the judge, and the process ends.
"""

import fcntl
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NoReturn

from . import filter as seccomp
from . import landlock, levels, root, system

STDIN, STDOUT, STDERR, CONTROL, RULESET = range(5)
PARKED = 64  # descriptors are first moved up here, so that none is in the way of another
SETUP_FAILED = 99
CPU_GRACE_SECONDS = 2  # the judge watches CPU time itself; the kernel's own limit is for when the judge is gone
STACK_BYTES = 8 * 2**20
SIGNALS_PENDING = 64
FILE_BYTES = 8 * 2**20


@dataclass(frozen=True)
class Walls:
    """What the zygote prepared once, for all runs."""

    level: int
    address_space: int  # bytes that the interpreter itself takes
    filter_program: bytes | None  # level 3, where every learner has the same process id
    ruleset: int | None  # the descriptor of the Landlock rules, where there are some
    parent: int  # the zygote's process id


def enter(walls: Walls, limits: Mapping[str, int], descriptors: list[int], go: int) -> None:
    """Take every step, or end the process. `descriptors`: control, stdout, stderr. `go`: readable once we may begin."""
    control = descriptors[0]
    step = "begin"
    try:
        for step, action in _steps(walls, limits, descriptors, go):
            action()
            control = CONTROL if step == "descriptors" else control
        os.write(CONTROL, b"sandboxed")
    except BaseException as error:  # noqa: BLE001 - whatever it is, the run must not go on
        _give_up(control, step, error)


def _steps(
    walls: Walls, limits: Mapping[str, int], descriptors: list[int], go: int
) -> Iterator[tuple[str, Callable[[], None]]]:
    yield "die with the zygote", lambda: _die_with_parent(walls)
    yield "wait for the id maps", lambda: _wait(go)
    if walls.level >= levels.OWN_ROOT:
        yield "scratch", lambda: root.mount_scratch(limits["scratch_bytes"], limits["scratch_inodes"])
    yield "session", os.setsid
    yield "descriptors", lambda: _place(descriptors, walls.ruleset)
    yield "streams", _open_streams
    yield "limits", lambda: _limit(limits, walls)
    yield "no new privileges", lambda: system.prctl(system.PR_SET_NO_NEW_PRIVS, 1)
    yield "not dumpable", lambda: system.prctl(system.PR_SET_DUMPABLE, 0)
    yield "capabilities", system.drop_capabilities
    if walls.ruleset is not None:
        yield "landlock", lambda: landlock.restrict(RULESET)
        yield "close the rules", lambda: os.close(RULESET)
    program = walls.filter_program or seccomp.program(os.getpid(), walls.level)
    yield "seccomp", lambda: system.install_filter(program)


def _die_with_parent(walls: Walls) -> None:
    system.prctl(system.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() not in (0, walls.parent):  # 0: it lives in another pid namespace
        raise ProcessLookupError("the zygote is gone")


def _wait(go: int) -> None:
    if os.read(go, 1) != b"g":
        raise ConnectionError("the zygote did not say go")


def _place(descriptors: list[int], ruleset: int | None) -> None:
    """Put the descriptors where they belong, and close all others."""
    wanted = [os.open("/dev/null", os.O_RDONLY), descriptors[1], descriptors[2], descriptors[0]]
    if ruleset is not None:
        wanted.append(ruleset)
    parked = [fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, PARKED) for descriptor in wanted]
    for number, descriptor in enumerate(parked):
        os.dup2(descriptor, number, inheritable=False)
    system.close_all_but(len(parked))


def _open_streams() -> None:
    """Make Python's streams anew, on this run's descriptors, while reading their status is still allowed.

    They stay open for as long as the process lives.
    """
    sys.stdin = open(STDIN, encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
    sys.stdout = open(STDOUT, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    sys.stderr = open(  # noqa: SIM115
        STDERR, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False
    )
    vars(sys).update(__stdin__=sys.stdin, __stdout__=sys.stdout, __stderr__=sys.stderr)


def _limit(limits: Mapping[str, int], walls: Walls) -> None:
    if walls.level >= levels.OWN_ROOT:
        # Elsewhere the kernel counts all processes of the user; there RLIMIT_AS bounds the threads, by their stacks.
        resource.setrlimit(resource.RLIMIT_NPROC, (limits["threads"],) * 2)
    for kind, value in (
        (resource.RLIMIT_AS, walls.address_space + limits["memory_bytes"]),
        (resource.RLIMIT_CPU, -(-limits["cpu_ms"] // 1000) + CPU_GRACE_SECONDS),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_NOFILE, limits["descriptors"]),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_SIGPENDING, SIGNALS_PENDING),
        (resource.RLIMIT_NICE, 0),
        (resource.RLIMIT_RTPRIO, 0),
        (resource.RLIMIT_STACK, STACK_BYTES),
    ):
        resource.setrlimit(kind, (value, value))


def _give_up(control: int, step: str, error: BaseException) -> NoReturn:
    try:
        os.write(control, f"failed {step}: {type(error).__name__}: {error}".encode()[:4096])
    finally:
        os._exit(SETUP_FAILED)
