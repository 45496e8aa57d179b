"""Landlock: a process restricts its own access to files. Source: linux/landlock.h."""

import ctypes
import os
import stat
import struct
from collections.abc import Callable, Iterable

from . import system

CREATE_RULESET_VERSION = 1
RULE_PATH_BENEATH = 1
# The file system rights, in the order of their bits, and the ABI since which they are known.
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE, MAKE_CHAR = (1 << bit for bit in range(7))
MAKE_DIR, MAKE_REG, MAKE_SOCK, MAKE_FIFO, MAKE_BLOCK, MAKE_SYM, REFER, TRUNCATE, IOCTL_DEV = (
    1 << bit for bit in range(7, 16)
)
KNOWN_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
NETWORK_SINCE, SCOPES_SINCE = 4, 6
TCP_BIND_AND_CONNECT = 3
SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS = 3

READ = READ_FILE | READ_DIR
WRITE = READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SYM | REFER | TRUNCATE
EXECUTABLE = READ | EXECUTE
OF_FILES = WRITE_FILE | READ_FILE | TRUNCATE | EXECUTE  # the rights that a rule on a single file may have


def abi() -> int:
    """Return the kernel's version of Landlock. Raises OSError where there is none."""
    return system.syscall("landlock_create_ruleset", 0, 0, CREATE_RULESET_VERSION)


def ruleset(
    version: int,
    readable: Iterable[str],
    listable: Iterable[str],
    writable: Iterable[str],
    executable: Iterable[str] = (),
) -> int:
    """Return the descriptor of a ruleset that forbids everything else, for `restrict`. A path may be in several lists.

    Raises:
        OSError: a path does not exist, or the kernel refuses.

    """
    handled = (1 << KNOWN_RIGHTS[min(version, max(KNOWN_RIGHTS))]) - 1
    attributes = struct.pack(
        "QQQ",
        handled,
        TCP_BIND_AND_CONNECT if version >= NETWORK_SINCE else 0,
        SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS if version >= SCOPES_SINCE else 0,
    )
    size = 24 if version >= SCOPES_SINCE else 16 if version >= NETWORK_SINCE else 8
    rules = system.syscall("landlock_create_ruleset", ctypes.create_string_buffer(attributes, 24), size, 0)
    for paths, rights in ((readable, READ), (listable, READ_DIR), (writable, WRITE), (executable, EXECUTABLE)):
        for path in paths:
            _allow(rules, path, rights & handled)
    return rules


def _allow(rules: int, path: str, rights: int) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= OF_FILES
        rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, place))
        system.syscall("landlock_add_rule", rules, RULE_PATH_BENEATH, rule, 0)
    finally:
        os.close(place)


def restrict(rules: int) -> Callable[[], None]:
    """Return the call that enforces a ruleset on a process, irrevocably."""
    return system.prepared("landlock_restrict_self", rules, 0)
