"""Turns a clone of the zygote into a process that may run untrusted code. Every step is checked; none can be skipped.

The answer is read only after all steps. When one fails, its name is sent to the judge, and the process ends.
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

STDIN, STDOUT, STDERR, CONTROL, PROGRAM_RULES = range(5)
SETUP_FAILED = 99
CPU_GRACE_SECONDS = 2  # the judge limits CPU time itself; the kernel's limit applies if the judge has ended
STACK_BYTES = 8 * 2**20
SIGNALS_PENDING = 64
FILE_BYTES = 8 * 2**20
THREADS_OF_ALL = 4096  # of all processes of a user together, where the kernel does not distinguish them

Step = tuple[str, Callable[[], object]]


class Restrictions:
    """The restrictions that the zygote prepares once, for all processes: so each has to copy less memory.

    `address_space`: the bytes that the interpreter itself uses; `tasks`: the number of threads of the user; `ruleset`:
    the descriptor of the Landlock rules, if there are any; `parent`: the process id of the zygote; `program_rules`: the
    descriptor of further rules, which a process that starts native programs applies to them.
    """

    def __init__(  # noqa: PLR0913 - what the zygote knows
        self,
        *,
        level: int,
        address_space: int,
        tasks: int,
        ruleset: int | None,
        parent: int,
        program_rules: int | None = None,
    ) -> None:
        self.level = level
        self.program_rules = program_rules
        self.address_space = address_space
        self.tasks = tasks
        self.parent = parent
        has_own_root = level >= levels.OWN_ROOT
        self.last: list[Step] = [
            ("no new privileges", partial(system.prctl, system.PR_SET_NO_NEW_PRIVS, 1)),
            ("not dumpable", partial(system.prctl, system.PR_SET_DUMPABLE, 0)),
            ("capabilities", system.drop_capabilities()),
            *([] if ruleset is None else [("landlock", landlock.restrict(ruleset))]),
            ("close all others", system.close_from(CONTROL + 1 if program_rules is None else PROGRAM_RULES + 1)),
            # With a PID namespace of its own, every learner's process has the same id.
            ("seccomp", system.install_filter(self._program()) if has_own_root else self._filter),
        ]

    @property
    def is_native(self) -> bool:
        """Whether the processes start native programs."""
        return self.program_rules is not None

    def _program(self) -> bytes:
        return seccomp.native_program() if self.is_native else seccomp.program(1, self.level)

    def _filter(self) -> None:
        system.install_filter(seccomp.program(os.getpid(), self.level))()


def apply(restrictions: Restrictions, limits: Mapping[str, int], descriptors: list[int], go: int) -> None:
    """Apply all restrictions, or end the process. `descriptors`: control, stdout, stderr; `go`: when to start."""
    control = descriptors[0]
    step = "begin"
    try:
        for step, action in _first(restrictions, limits, descriptors, go) + restrictions.last:
            action()
            control = CONTROL if step == "descriptors" else control
        os.write(CONTROL, b"sandboxed")
    except BaseException as error:  # noqa: BLE001 - after any exception the process must end
        _give_up(control, step, error)


def _first(restrictions: Restrictions, limits: Mapping[str, int], descriptors: list[int], go: int) -> list[Step]:
    scratch = partial(root.mount_scratch, limits["scratch_bytes"], limits["scratch_inodes"])
    return [
        ("die with the zygote", partial(_die_with_parent, restrictions)),
        ("wait for the id maps", partial(_wait, go)),
        *([("scratch", scratch)] if restrictions.level >= levels.OWN_ROOT else []),
        *([("program", root.mount_program)] if restrictions.is_native else []),
        ("session", os.setsid),
        ("descriptors", partial(_place, descriptors, restrictions.program_rules)),
        ("limits", partial(_limit, limits, restrictions)),
    ]


def _die_with_parent(restrictions: Restrictions) -> None:
    system.prctl(system.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() not in (0, restrictions.parent):  # 0: it is in another PID namespace
        raise ProcessLookupError("the zygote is gone")


def _wait(go: int) -> None:
    if os.read(go, 1) != b"g":
        raise ConnectionError("the zygote did not say go")


def _place(descriptors: list[int], program_rules: int | None) -> None:
    """Move the descriptors to their numbers. There are no collisions: in the zygote those up to 3 are in use.

    Standard input is opened again: its flags would be a communication channel if all processes shared it.
    """
    null = os.open("/dev/null", os.O_RDONLY)
    for number, descriptor in zip((CONTROL, STDOUT, STDERR, STDIN), (*descriptors, null), strict=True):
        os.dup2(descriptor, number, inheritable=False)
    if program_rules is not None:
        os.dup2(program_rules, PROGRAM_RULES, inheritable=False)


def open_streams() -> None:
    """Create Python's streams for the processes to come, while fstat(2) on the descriptors is allowed.

    The streams keep working when the descriptors are replaced. Standard output and error are pipes here, as later.
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


def _limit(limits: Mapping[str, int], restrictions: Restrictions) -> None:
    # Without a user namespace, the kernel counts all threads of the user, including those of other processes.
    threads = limits["threads"] if restrictions.level >= levels.OWN_ROOT else restrictions.tasks + THREADS_OF_ALL
    resource.setrlimit(resource.RLIMIT_NPROC, (threads, threads))
    # Those of a native program are set when it starts: they may be less than what the interpreter itself uses.
    of_interpreter = [
        (resource.RLIMIT_AS, restrictions.address_space + limits["memory_bytes"]),
        (resource.RLIMIT_STACK, STACK_BYTES),
    ]
    for kind, value in (
        *([] if restrictions.is_native else of_interpreter),
        (resource.RLIMIT_CPU, -(-limits["cpu_ms"] // 1000) + CPU_GRACE_SECONDS),
        (resource.RLIMIT_FSIZE, root.PROGRAM_BYTES if restrictions.is_native else FILE_BYTES),
        (resource.RLIMIT_NOFILE, limits["descriptors"]),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_SIGPENDING, SIGNALS_PENDING),
        (resource.RLIMIT_NICE, 0),
        (resource.RLIMIT_RTPRIO, 0),
    ):
        resource.setrlimit(kind, (value, value))


def _give_up(control: int, step: str, error: BaseException) -> NoReturn:
    try:
        os.write(control, f"failed {step}: {type(error).__name__}: {error}".encode()[:4096])
    finally:
        os._exit(SETUP_FAILED)
