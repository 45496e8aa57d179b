"""Launchers for zygotes, and for whole judges, on a kernel that lacks some calls."""

import os
import sys
from pathlib import Path

from project.sandbox import interpreter
from project.sandbox.zygote import Zygote
from project.tests.sandbox.forks import forking_interpreter

FOLDER = Path(__file__).parent / "launchers"
# What Docker's default profile refuses to a process without CAP_SYS_ADMIN, among the calls of the sandbox.
NEW_NAMESPACES = 0x7E020000
REFUSED = (
    *("unshare", "setns", "mount", "umount2", "pivot_root", "sethostname", "keyctl", "bpf", "perf_event_open"),
    *("userfaultfd", "io_uring_setup", "open_tree", "move_mount", "fsopen"),
)
DOCKER = ",".join([f"clone:EPERM:0:&:{NEW_NAMESPACES}", "clone3:ENOSYS", *(f"{name}:EPERM" for name in REFUSED)])
NO_LANDLOCK = ",".join(f"landlock_{name}:ENOSYS" for name in ("create_ruleset", "add_rule", "restrict_self"))


def without(rules):
    """Return the beginning of a command that runs without the calls that `rules` name."""
    return [sys.executable, "-S", str(FOLDER / "without.py"), rules, "--"]


# What the zygote imports before its setup. As there, the modules must not register functions for forks.
PREPARATION = """
import os
register, os.register_at_fork = os.register_at_fork, lambda **_: None
from inside import main, preload, runner, zygote
preload.standard_library()
os.register_at_fork = register
"""
START = """
import os, sys
os.setsid()
folder, rules = sys.argv[1:]
if rules:
    sys.path.insert(0, folder)
    import without
    without.install_rules(rules)
from inside import main
main.main()
"""


class FaultyZygote(Zygote):
    """A zygote on a kernel without some calls, all from the beginning of its setup."""

    def __init__(self, level, rules=""):
        self._rules = rules
        super().__init__(level)

    def _start(self, command, theirs):
        """Fork a prepared interpreter: the imports of a new one take ten times as long as the setup."""
        flags = command[: command.index(str(interpreter.MAIN))]
        prepared = forking_interpreter(PREPARATION, tuple(flags), tuple(interpreter.ENVIRONMENT.items()))
        null = os.open(os.devnull, os.O_WRONLY)
        try:
            descriptors = [theirs.fileno(), null, self._errors.writing_end]
            return prepared.fork(START, str(FOLDER), self._rules, descriptors=descriptors)
        finally:
            os.close(null)
