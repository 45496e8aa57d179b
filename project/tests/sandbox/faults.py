"""Launchers for zygotes, and for whole judges, on a kernel that lacks some calls."""

import sys
from pathlib import Path

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
