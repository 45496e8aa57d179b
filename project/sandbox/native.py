"""Native programs: the zygote whose processes compile and execute them, and the files of the host that they read."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from project.sandbox import interpreter
from project.sandbox.inside.lockdown import CPU_GRACE_SECONDS
from project.sandbox.inside.native import NOT_EXECUTED, NOT_PACKED, OUT
from project.sandbox.inside.root import PROGRAM
from project.sandbox.limits import Limits
from project.sandbox.outcome import ExitReport, Outcome, TerminationReason, termination_reason
from project.sandbox.process import SandboxedProcess
from project.sandbox.process_tree import ProcessTree
from project.sandbox.tools import Tools
from project.sandbox.watchdog import LimitExceeded, Watchdog
from project.sandbox.zygote import Zygote

# Where Debian and other distributions have toolchains, and the configuration of the linker, the JVM, Pascal and Mono.
TOOLCHAINS = (
    *("usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32"),
    *("etc/alternatives", "etc/ld.so.cache", "etc/java-*-openjdk", "etc/fpc.cfg", "etc/fpc-*.cfg", "etc/mono"),
)
HOST_TOOLS = Tools()
FIRST_CHECK_SECONDS = 0.004  # most programs have ended before
MEMORY_CHECK_SECONDS, SECOND_CHECK_SECONDS = 0.01, 0.002
# Of processes that are started in advance: the program that one executes gets limits of its own, up to these.
WARM_LIMITS = Limits(cpu_ms=600_000, descriptors=1024, threads=256)
CHECKOUT = Path(__file__).resolve().parents[2]  # with the settings of the service, if it is installed below /usr

__all__ = [
    "NOT_EXECUTED",
    "NOT_PACKED",
    "OUT",
    "PROGRAM",
    "NativeZygote",
    "exit_status",
    "kernel_limits",
    "program_outcome",
]


class NativeZygote(Zygote):
    """A zygote whose processes compile native programs, or execute them.

    It is replaced when the operator installs other tools: it has those of its start.
    """

    def __init__(self, level: int, *, tools: Tools = HOST_TOOLS, launcher: Sequence[str] = ()) -> None:
        self._tools = tools
        self._tree = tools.tree()
        super().__init__(level, launcher=launcher)

    def is_sound(self) -> bool:
        """Whether it is running with the current tools, and has set up every process that was requested."""
        return super().is_sound() and self._tools.tree() == self._tree

    def _setup(self) -> Mapping[str, Any]:
        overlays = self._tools.overlays(TOOLCHAINS)
        return {
            "level": self.level,
            "native": True,
            "user": interpreter.UNPRIVILEGED_USER,
            "path": [],
            "readable": sorted(
                {str(path) for pattern in TOOLCHAINS for path in Path("/").glob(pattern)} | set(overlays)
            ),
            "overlays": overlays,
            "hidden": [str(CHECKOUT)] if CHECKOUT.is_relative_to("/usr") else [],
            "extensions": {},
        }

    @property
    def warm_limits(self) -> Limits:
        """The most that a program can get in a process that is started in advance."""
        return WARM_LIMITS

    def adapt(self, process: SandboxedProcess, limits: Limits) -> bool:
        """Give a process limits of its own, unless the kernel enforces others on it from the start."""
        has_scratch = (limits.scratch_bytes, limits.scratch_inodes) == (
            process.limits.scratch_bytes,
            process.limits.scratch_inodes,
        )
        most = process.limits
        is_less = (
            limits.cpu_ms <= most.cpu_ms and limits.descriptors <= most.descriptors and limits.threads <= most.threads
        )
        if has_scratch and is_less:
            process.adopt(limits)
        return has_scratch and is_less

    def _watchdog(self, limits: Limits) -> Watchdog:
        return TreeWatchdog(self.level, limits)


class TreeWatchdog(Watchdog):
    """Checks a process and all its descendants, and their memory together.

    No limit of the kernel counts the memory of several processes without a cgroup, and limits of address space end the
    JVM, Go and V8, which reserve far more than they use.
    """

    def __init__(self, level: int, limits: Limits) -> None:
        self.tree = ProcessTree()
        self._was_over = False
        self._next_check = 0.0
        super().__init__(level, limits, self.tree)

    def check(self) -> float:
        """Return the seconds until the next check. Raises LimitExceeded.

        The event loop calls it after each event. To read the state of all processes takes longer than most events.
        """
        now = time.monotonic()
        if now >= self._next_check:
            self._next_check = now + min(self._check_tree(), MEMORY_CHECK_SECONDS)
        return self._next_check - now

    def start(self) -> None:
        """Start measuring."""
        super().start()
        self._next_check = time.monotonic() + FIRST_CHECK_SECONDS

    def _check_tree(self) -> float:
        self.tree.refresh()
        remaining = super().check()
        is_over = self.tree.memory(above=self.limits.memory_bytes) > self.limits.memory_bytes
        if is_over and self._was_over:
            raise LimitExceeded(TerminationReason.MEMORY_LIMIT)
        # A process that was just started by vfork has its parent's memory for a moment, which then counts twice.
        self._was_over = is_over
        return min(remaining, SECOND_CHECK_SECONDS) if is_over else remaining


def kernel_limits(limits: Limits) -> dict[str, int]:
    """Return the limits that the kernel enforces on a program and its descendants, by the names of setrlimit(2)."""
    return {
        "NPROC": limits.threads,
        "NOFILE": limits.descriptors,
        "CPU": -(-limits.cpu_ms // 1000) + CPU_GRACE_SECONDS,
    }


def exit_status(outcome: Outcome) -> int | None:
    """Return how a native program exited, below 0 by a signal; None if it was ended with its sandbox."""
    return _report(outcome).get("exit")


def program_outcome(outcome: Outcome) -> Outcome:
    """Return the outcome of a native program, from that of the process which executed it."""
    report = _report(outcome)
    if outcome.reason is not TerminationReason.COMPLETED or "exit" not in report:
        return outcome
    memory = max(outcome.memory_bytes, report["memory_bytes"])
    # A positive status is the program's own, also where the runner's have a meaning.
    ended = ExitReport(min(report["exit"], 1), outcome.cpu_ms, memory)
    reason = termination_reason(ended, (), outcome.limits, completed=True)
    return replace(outcome, reason=reason, exit_status=report["exit"], memory_bytes=memory, is_native=True)


def _report(outcome: Outcome) -> Mapping[str, int]:
    """Return the report of the sandbox's first process; empty if there is none."""
    try:
        report = json.loads(outcome.replies[0].value or "")
        return {name: int(report[name]) for name in ("exit", "memory_bytes")}
    except (IndexError, KeyError, TypeError, ValueError):
        return {}
