"""Take system calls away, and become another program: `without.py RULES -- COMMAND...`, each rule by a comma.

A rule is `name:action` or `name:action:argument:operator:number`. The action is an errno's name or `KILL`; arguments
are counted from 0; the operator is `=` (equals), `!` (differs) or `&` (shares a bit with). It stands for a kernel that
lacks a call, or for a container's profile that refuses it.
"""

import ctypes
import errno
import os
import platform
import struct
import sys
from importlib import import_module
from pathlib import Path

# The numbers of calls that the sandbox's own filter has no reason to name.
NAMES = ("setsid", "setresuid", "setresgid", "setgroups", "sethostname", "pidfd_open")
MORE = {
    "x86_64": dict(zip(NAMES, (112, 117, 119, 116, 170, 434), strict=True)),
    "aarch64": dict(zip(NAMES, (157, 147, 149, 159, 161, 434), strict=True)),
}
# Of linux/bpf_common.h, linux/seccomp.h and linux/prctl.h. Nothing here is the sandbox's own: it is what is tested.
LOAD, AND, EQUAL, RETURN = 0x20, 0x54, 0x15, 0x06
NUMBER, ARGUMENTS = 0, 16
ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
PR_SET_SECCOMP, FILTER, PR_SET_NO_NEW_PRIVS = 22, 2, 38


class Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def rule(text, numbers):
    """Return the instructions of one rule."""
    name, action, *condition = text.split(":")
    body = [(RETURN, 0, 0, KILL if action == "KILL" else ERRNO | getattr(errno, action))]
    if condition:
        place, operator, value = int(condition[0]), condition[1], int(condition[2])
        load = (LOAD, 0, 0, ARGUMENTS + 8 * place)
        body = {
            "=": [load, (EQUAL, 0, 1, value), *body],
            "!": [load, (EQUAL, 1, 0, value), *body],
            "&": [load, (AND, 0, 0, value), (EQUAL, 1, 0, 0), *body],
        }[operator]
    # The number is loaded anew, since a condition loads an argument.
    return [(LOAD, 0, 0, NUMBER), (EQUAL, 0, len(body), numbers[name]), *body]


def install(instructions):
    """Put this process under a filter, for good."""
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() != 0:
        libc.prctl(PR_SET_NO_NEW_PRIVS, *map(ctypes.c_ulong, (1, 0, 0, 0)))
    code = b"".join(struct.pack("HBBI", *each) for each in instructions)
    if libc.prctl(PR_SET_SECCOMP, ctypes.c_ulong(FILTER), ctypes.byref(Program(len(instructions), code))) != 0:
        raise OSError(ctypes.get_errno(), "no filter could be installed")


def install_rules(rules):
    """Put this process under the filter of these rules."""
    sys.path.insert(0, str(Path(__file__).parents[3] / "sandbox"))
    numbers = {**import_module("inside.numbers").table(), **MORE[platform.machine()]}
    install([*(each for text in rules.split(",") for each in rule(text, numbers)), (RETURN, 0, 0, ALLOW)])


if __name__ == "__main__":
    install_rules(sys.argv[1])
    command = sys.argv[3:]
    os.execv(command[0], command)  # noqa: S606 - a launcher becomes what it launches
