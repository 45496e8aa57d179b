"""Native programs: the zygote whose processes compile and execute them, and the files of the host that they read."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from project.sandbox import interpreter
from project.sandbox.inside.lockdown import CPU_GRACE_SECONDS
from project.sandbox.inside.native import NOT_EXECUTED, NOT_PACKED, OUT
from project.sandbox.inside.root import PROGRAM
from project.sandbox.limits import Limits
from project.sandbox.native_process import NativeProcess, exit_status, program_outcome
from project.sandbox.process import SandboxedProcess
from project.sandbox.tools import Tools
from project.sandbox.zygote import Zygote

# Where Debian and other distributions have toolchains, and the configuration of the linker, the JVM, Pascal and Mono.
TOOLCHAINS = (
    *("usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32"),
    *("etc/alternatives", "etc/ld.so.cache", "etc/java-*-openjdk", "etc/fpc.cfg", "etc/fpc-*.cfg", "etc/mono"),
)
HOST_TOOLS = Tools()
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
        python = self._tools.python
        own = {str(python)} if python is not None and not python.is_relative_to("/usr") else set()
        return {
            "level": self.level,
            "native": True,
            "user": interpreter.UNPRIVILEGED_USER,
            "path": [],
            "readable": sorted(
                {str(path) for pattern in TOOLCHAINS for path in Path("/").glob(pattern)} | set(overlays) | own
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

    def _new_process(self, limits: Limits) -> NativeProcess:
        return NativeProcess(self.level, limits)


def kernel_limits(limits: Limits) -> dict[str, int]:
    """Return the limits that the kernel enforces on a program and its descendants, by the names of setrlimit(2)."""
    return {
        "NPROC": limits.threads,
        "NOFILE": limits.descriptors,
        "CPU": -(-limits.cpu_ms // 1000) + CPU_GRACE_SECONDS,
    }
