"""Runs programs as yardsticks, with and without bubblewrap."""

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench.common.measure import BenchmarkError, Figures, repeat
from project.sandbox.ipc import sealed_file

# Namespaces, a read-only root, a temporary directory and no network, as our sandbox has at level 3. It sets no limits
# and no system call filter, so it is faster than an equivalent sandbox.
BUBBLEWRAP = (
    *("bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"),
    *("--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64"),
    *("--dev", "/dev", "--tmpfs", "/tmp", "--chdir", "/tmp"),  # noqa: S108 - the sandbox's own
)


def run_program(
    command: Sequence[str],
    expected: bytes | None = None,
    *,
    stdin: bytes = b"",
    directory: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run a program. Raises `BenchmarkError` if it fails, or prints anything but what is expected."""
    given = sealed_file(stdin)
    try:
        ended = subprocess.run(  # noqa: S603 - our own commands
            command,
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=directory,
            env=environment,
            check=False,
        )
    finally:
        os.close(given)
    if ended.returncode != 0 or expected not in (None, ended.stdout):
        raise BenchmarkError(f"{command[0]} exited with {ended.returncode}, and printed {ended.stdout!r}")


def repeat_without_cpu(action: Callable[[], None], seconds: float, threads: int = 1) -> Figures:
    """Measure without CPU time, since that of bubblewrap's grandchildren cannot be read."""
    return {name: value for name, value in repeat(action, seconds, threads).items() if name != "cpu_ms"}
