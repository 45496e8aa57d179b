"""System calls for which Python has no function. Each raises an OSError that names the call."""

import ctypes
import os
import signal
import struct
from collections.abc import Callable
from functools import partial
from typing import NoReturn

from . import numbers

libc = ctypes.CDLL(None, use_errno=True)
_keeping_the_lock = ctypes.PyDLL(None, use_errno=True)
NUMBERS = numbers.table()
# Looked up once: each child would have to copy the memory that this changes.
_before_fork = ctypes.pythonapi.PyOS_BeforeFork
_after_fork_in_child, _after_fork_in_parent = (
    ctypes.pythonapi.PyOS_AfterFork_Child,
    ctypes.pythonapi.PyOS_AfterFork_Parent,
)

# Of mount(2), from linux/mount.h
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = (
    1,
    2,
    4,
    8,
    32,
    4096,
    16384,
    1 << 18,
)
MNT_DETACH = 2
# Of clone(2), from linux/sched.h
CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET, CLONE_PIDFD = 0x10000000, 0x20000000, 0x40000000, 0x00001000
# Of prctl(2), from linux/prctl.h
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 1, 4, 38
# mallopt(3): one arena for all threads; others reserve 64 MiB of address space each, which the limit would count.
M_ARENA_MAX = -8
LINUX_CAPABILITY_VERSION_3 = 0x20080522
SECCOMP_SET_MODE_FILTER = 1
CLOSE_RANGE_CLOEXEC = 4


def fail(call: str) -> NoReturn:
    """Raise an OSError for the errno of a call."""
    number = ctypes.get_errno()
    raise OSError(number, f"{call}: {os.strerror(number)}")


def syscall(name: str, *arguments: object) -> int:
    """Make a system call by name; integers are passed as C longs."""
    result: int = libc.syscall(*[_argument(value) for value in (NUMBERS[name], *arguments)])
    if result == -1:
        fail(name)
    return result


_prctl = libc.prctl
_prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]


def prctl(option: int, value: int) -> None:
    """Set an attribute of this process."""
    if _prctl(option, value, 0, 0, 0) == -1:
        fail(f"prctl {option}")


def mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    """Mount, bind or remount."""
    texts = [None if text is None else os.fsencode(text) for text in (source, target, kind, data)]
    if libc.mount(*texts[:3], ctypes.c_ulong(flags), texts[3]) == -1:
        fail(f"mount {target}")


def unshare(flags: int) -> None:
    """Move this process into new namespaces."""
    if libc.unshare(flags) == -1:
        fail("unshare")


def pivot_here() -> None:
    """Make the working directory the root, and detach the old one."""
    syscall("pivot_root", ctypes.c_char_p(b"."), ctypes.c_char_p(b"."))
    if libc.umount2(b".", MNT_DETACH) == -1:
        fail("umount2")
    os.chdir("/")


def clone(flags: int) -> tuple[int, int]:
    """Fork into new namespaces, from a process with one thread; return (pid, pidfd), and (0, -1) in the child."""
    pidfd = ctypes.c_int(-1)
    # struct clone_args: flags, pidfd, child_tid, parent_tid, exit_signal, and six others, which are zero.
    arguments = (ctypes.c_uint64 * 11)(flags | CLONE_PIDFD, ctypes.addressof(pidfd), 0, 0, signal.SIGCHLD)
    _before_fork()
    # The child must return with the interpreter's lock held.
    pid: int = _keeping_the_lock.syscall(
        ctypes.c_long(NUMBERS["clone3"]), ctypes.byref(arguments), ctypes.c_size_t(ctypes.sizeof(arguments))
    )
    if pid == 0:
        _after_fork_in_child()
        return 0, -1
    number = ctypes.get_errno()
    _after_fork_in_parent()
    if pid == -1:
        raise OSError(number, f"clone3: {os.strerror(number)}")
    return pid, pidfd.value


def prepared(name: str, *arguments: object) -> Callable[[], None]:
    """Return a prepared system call: its arguments are converted here, not in every process."""
    call = partial(libc.syscall, *[_argument(value) for value in (NUMBERS[name], *arguments)])

    def make() -> None:
        if call() == -1:
            fail(name)

    return make


def _argument(value: object) -> object:
    """Convert integers to C longs; without a prototype, ctypes would pass them as C ints."""
    return ctypes.c_long(value) if isinstance(value, int) else value


def close_from(first: int) -> Callable[[], None]:
    """Return the call that closes every descriptor from `first` on."""
    return prepared("close_range", first, 0xFFFFFFFF, 0)


def close_at_execution_from(first: int) -> Callable[[], None]:
    """Return the call that keeps every descriptor from `first` on from the program that this process executes."""
    return prepared("close_range", first, 0xFFFFFFFF, CLOSE_RANGE_CLOEXEC)


def drop_capabilities() -> Callable[[], None]:
    """Return the call that drops all capabilities, including inheritable ones."""
    header = ctypes.create_string_buffer(struct.pack("Ii", LINUX_CAPABILITY_VERSION_3, 0))
    return prepared("capset", header, ctypes.create_string_buffer(24))


class _Program(ctypes.Structure):
    """`struct sock_fprog`, linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def install_filter(program: bytes) -> Callable[[], None]:
    """Return the call that installs a seccomp program of 8-byte instructions."""
    whole = _Program(len(program) // 8, program)
    return prepared("seccomp", SECCOMP_SET_MODE_FILTER, 0, ctypes.byref(whole))
