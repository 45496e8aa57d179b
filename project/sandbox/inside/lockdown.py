"""From a clone of the zygote to a process that a stranger may have. Every step is checked; none can be left out.

The answer is read only when all steps are done. When one fails, its name goes to the judge, and the process ends.
"""

import os
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import NoReturn

from . import filter as seccomp
from . import landlock, levels, root, system

STDIN, STDOUT, STDERR, CONTROL = range(4)
SETUP_FAILED = 99
CPU_GRACE_SECONDS = 2  # the judge watches CPU time itself; the kernel's own limit is for when the judge is gone
STACK_BYTES = 8 * 2**20
SIGNALS_PENDING = 64
FILE_BYTES = 8 * 2**20
THREADS_OF_ALL = 4096  # of all runs of a user at once, where they cannot be told apart

Step = tuple[str, Callable[[], object]]


class Walls:
    """What the zygote prepares once, for all runs: the less a run does by itself, the less memory it has to copy.

    `address_space` is what the interpreter itself takes, in bytes; `tasks` how many threads the user has; `ruleset` the
    descriptor of the Landlock rules, where there are some; `parent` the zygote's process id.
    """

    def __init__(self, level: int, address_space: int, tasks: int, ruleset: int | None, parent: int) -> None:
        self.level = level
        self.address_space = address_space
        self.tasks = tasks
        self.parent = parent
        has_own_root = level >= levels.OWN_ROOT
        self.last: list[Step] = [
            ("no new privileges", partial(system.prctl, system.PR_SET_NO_NEW_PRIVS, 1)),
            ("not dumpable", partial(system.prctl, system.PR_SET_DUMPABLE, 0)),
            ("capabilities", system.drop_capabilities()),
            *([] if ruleset is None else [("landlock", landlock.restrict(ruleset))]),
            ("close all others", system.close_from(CONTROL + 1)),
            # With a process table of its own, every learner's process has the same id.
            ("seccomp", system.install_filter(seccomp.program(1, level)) if has_own_root else self._filter),
        ]

    def _filter(self) -> None:
        system.install_filter(seccomp.program(os.getpid(), self.level))()


def enter(walls: Walls, limits: Mapping[str, int], descriptors: list[int], go: int) -> None:
    """Take every step, or end the process. `descriptors`: control, stdout, stderr. `go`: readable once we may begin."""
    control = descriptors[0]
    step = "begin"
    try:
        for step, action in _first(walls, limits, descriptors, go) + walls.last:
            action()
            control = CONTROL if step == "descriptors" else control
        os.write(CONTROL, b"sandboxed")
    except BaseException as error:  # noqa: BLE001 - whatever it is, the run must not go on
        _give_up(control, step, error)


def _first(walls: Walls, limits: Mapping[str, int], descriptors: list[int], go: int) -> list[Step]:
    scratch = partial(root.mount_scratch, limits["scratch_bytes"], limits["scratch_inodes"])
    return [
        ("die with the zygote", partial(_die_with_parent, walls)),
        ("wait for the id maps", partial(_wait, go)),
        *([("scratch", scratch)] if walls.level >= levels.OWN_ROOT else []),
        ("session", os.setsid),
        ("descriptors", partial(_place, descriptors)),
        ("limits", partial(_limit, limits, walls)),
    ]


def _die_with_parent(walls: Walls) -> None:
    system.prctl(system.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() not in (0, walls.parent):  # 0: it lives in another pid namespace
        raise ProcessLookupError("the zygote is gone")


def _wait(go: int) -> None:
    if os.read(go, 1) != b"g":
        raise ConnectionError("the zygote did not say go")


def _place(descriptors: list[int]) -> None:
    """Put the descriptors where they belong: none is in the way of another, for in the zygote those up to 3 are taken.

    Standard input is opened anew: flags of one that all runs share would be a way to tell each other something.
    """
    null = os.open("/dev/null", os.O_RDONLY)
    for number, descriptor in zip((CONTROL, STDOUT, STDERR, STDIN), (*descriptors, null), strict=True):
        os.dup2(descriptor, number, inheritable=False)


def open_streams() -> None:
    """Make Python's streams anew, as runs shall have them, while reading the descriptors' status is allowed.

    They outlive what is made of the descriptors; standard output and error are pipes when they are made, as in a run.
    """
    kept = [os.dup(number) for number in (STDOUT, STDERR)]
    pipe = os.pipe()
    for number in (STDOUT, STDERR):
        os.dup2(pipe[1], number)
    sys.stdin = open(STDIN, encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
    sys.stdout = open(STDOUT, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    sys.stderr = open(  # noqa: SIM115
        STDERR, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False
    )
    vars(sys).update(__stdin__=sys.stdin, __stdout__=sys.stdout, __stderr__=sys.stderr)
    for number, descriptor in zip((STDOUT, STDERR), kept, strict=True):
        os.dup2(descriptor, number)
    for descriptor in (*kept, *pipe):
        os.close(descriptor)


def _limit(limits: Mapping[str, int], walls: Walls) -> None:
    # Without a user of its own the kernel counts all threads of the user, those of other runs among them.
    threads = limits["threads"] if walls.level >= levels.OWN_ROOT else walls.tasks + THREADS_OF_ALL
    resource.setrlimit(resource.RLIMIT_NPROC, (threads, threads))
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
