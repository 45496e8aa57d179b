"""Run a zygote in which one restriction is missing: `sabotaged.py NAME -- python ... main.py`.

It runs in the zygote's own interpreter, before the zygote: it replaces a function of the package `inside`.
"""

import os
import runpy
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path

NAME, MAIN = sys.argv[1], sys.argv[-1]
sys.path.insert(0, str(Path(MAIN).parents[1]))
seccomp, landlock, lockdown, root, system, zygote = (
    import_module(f"inside.{name}") for name in ("filter", "landlock", "lockdown", "root", "system", "zygote")
)


def nothing(*_arguments):
    """Stand for a call that is prepared and does nothing."""
    return lambda: None


def without_resource(kind):
    """Leave out one of the limits of the kernel."""
    real = lockdown.resource.setrlimit
    lockdown.resource.setrlimit = lambda which, limits: None if which == kind else real(which, limits)


def without_flags(flags):
    """Leave out flags of mounts."""
    real = system.mount
    system.mount = lambda source, target, kind, given, data=None: real(source, target, kind, given & ~flags, data)


def without_seccomp():
    system.install_filter = nothing


def without_last_filter():
    real = seccomp.assemble
    seccomp.assemble = lambda allowed, rules, refusals, default: (
        real([], {}, {}, default) if default == seccomp.ALLOW else real(allowed, rules, refusals, default)
    )


def without_landlock():
    landlock.restrict = nothing


def without_network_namespace():
    real = system.unshare
    system.unshare = lambda flags: real(flags & ~system.CLONE_NEWNET)


def without_pid_namespace():
    zygote.LEARNER_FLAGS &= ~system.CLONE_NEWPID


def with_open_descriptors():
    def inherit(first):
        def make():
            for number in range(first, 64):
                try:
                    os.set_inheritable(number, True)
                except OSError:
                    continue

        return make

    system.close_from = system.close_at_execution_from = inherit


def with_a_large_scratch():
    real = root.mount_scratch
    root.mount_scratch = lambda _size, _inodes: real(2**26, 100_000)


def with_the_hosts_files():
    real = root._build  # noqa: SLF001
    root._build = lambda files: real(files._replace(readable=[*files.readable, "/var/lib"]))  # noqa: SLF001


def with_new_privileges():
    real = system.prctl
    system.prctl = lambda option, value: option == system.PR_SET_NO_NEW_PRIVS or real(option, value)


SABOTAGES: dict[str, Callable[[], object]] = {
    "seccomp": without_seccomp,
    "last filter": without_last_filter,
    "landlock": without_landlock,
    "network namespace": without_network_namespace,
    "PID namespace": without_pid_namespace,
    "closed descriptors": with_open_descriptors,
    "small scratch": with_a_large_scratch,
    "own root": with_the_hosts_files,
    "no new privileges": with_new_privileges,
    "read-only": lambda: without_flags(root.MS_RDONLY),
    "nosuid": lambda: without_flags(root.MS_NOSUID),
    "nodev": lambda: without_flags(root.MS_NODEV),
    "noexec": lambda: without_flags(root.MS_NOEXEC),
    **{
        name: partial(without_resource, getattr(lockdown.resource, f"RLIMIT_{name}"))
        for name in ("NPROC", "NOFILE", "FSIZE", "CORE", "MEMLOCK", "CPU", "SIGPENDING", "AS", "STACK")
    },
}
for name in NAME.split("+"):
    SABOTAGES[name]()
sys.argv = [MAIN]
runpy.run_path(MAIN, run_name="__main__")
