"""The filter refuses every system call that it does not list, and lists no dangerous ones."""

import ctypes
import errno
import os
import platform
import struct

import pytest

from project.judging.judge import Judge
from project.judging.problems import Case, Kind, Problem
from project.sandbox.inside import bpf, levels, numbers
from project.sandbox.inside import filter as seccomp
from project.tests.sandbox.shared_sandboxes import shared_sandboxes

# fmt: off
DANGEROUS = (
    "fork", "vfork", "clone3", "execve", "execveat", "ptrace", "mount", "umount2", "pivot_root", "chroot",
    "setns", "unshare", "bpf", "io_uring_setup", "userfaultfd", "perf_event_open", "keyctl", "add_key",
    "request_key", "memfd_create", "memfd_secret", "shmget", "shmat", "shmctl", "msgget", "semget", "mq_open",
    "socket", "connect", "bind", "listen", "accept", "accept4", "sendmsg", "sendmmsg", "recvmmsg", "setsockopt",
    "process_vm_readv",
    "process_vm_writev", "pidfd_open", "pidfd_getfd", "pidfd_send_signal", "tkill", "rt_sigqueueinfo",
    "rt_tgsigqueueinfo", "personality", "seccomp", "setuid", "setgid", "setresuid", "setresgid", "setgroups",
    "setfsuid", "capset", "setrlimit", "sched_setaffinity", "sched_setscheduler", "setpriority", "ioprio_set",
    "mlock", "mlockall", "mknod", "mknodat", "chown", "fchown", "fchownat", "lchown", "flock",
    "name_to_handle_at", "open_by_handle_at", "openat2", "splice", "tee", "vmsplice", "sendfile", "timer_create",
    "timerfd_create", "inotify_init", "inotify_init1", "fanotify_init", "signalfd", "eventfd2", "syslog", "acct",
    "quotactl", "swapon", "reboot", "init_module", "kexec_load", "iopl", "ioperm", "modify_ldt", "pkey_mprotect",
    "remap_file_pages", "mincore", "set_mempolicy", "mbind", "process_madvise", "landlock_create_ruleset",
    "landlock_restrict_self", "setsid", "setpgid", "vhangup", "setxattr", "nfsservctl", "kcmp", "futex_waitv",
    "futex_wake", "futex_wait", "futex_requeue",
)
# fmt: on
# The highest number of a call in current kernels, and some more.
NUMBERS = range(480)
# Calls of x86-64's uprobes: the kernel itself ends a process that makes them outside a trampoline, before any filter.
PROBES = {335, 336} if platform.machine() == "x86_64" else set()

MAP_HUGETLB, MSG_OOB = 0x40000, 1

PROBE = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
for number in {numbers}:
    ctypes.set_errno(0)
    result = libc.syscall(number, *[ctypes.c_long(-1)] * 6)
    if result != -1 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):
        print(number, result, ctypes.get_errno())
"""


def of_level(level):
    """Return the names of calls that are allowed, always or with some arguments."""
    lists = [seccomp.ALLOWED, seccomp.READING, seccomp.WRITING][:level]
    return {name for names in lists for name in names} | set(seccomp._rules(1))  # noqa: SLF001


@pytest.fixture(params=[3, 2, 1])
def sandboxes(request):
    return shared_sandboxes(request.param)


def verdict(sandboxes, program):
    case = Case(name="probe", kind=Kind.STDIN, expected="")
    return Judge(sandboxes).judge(Problem(cases=(case,)), program).cases[0]


def test_no_dangerous_call_is_allowed():
    assert not set(DANGEROUS) & of_level(levels.OWN_ROOT)


def test_every_call_that_is_not_allowed_is_refused(sandboxes):
    table = numbers.table()
    ending = {table[name] for name in seccomp.KILLED if name in table}
    named = {table[name] for name in of_level(sandboxes.level) if name in table}
    quiet = [number for number in NUMBERS if number not in named | ending | PROBES]
    result = verdict(sandboxes, PROBE.format(numbers=quiet))
    assert (result.verdict, result.actual) == ("accepted", ""), result


def test_every_call_that_ends_the_process_does(sandboxes):
    table = numbers.table()
    for name in seccomp.KILLED:
        if name in table:
            result = verdict(sandboxes, PROBE.format(numbers=[table[name]]))
            assert result.verdict == "forbidden_call", name


@pytest.mark.skipif(platform.machine() != "x86_64", reason="other machines have no second set of calls")
def test_calls_with_another_abi_end_the_process(sandboxes):
    for number in (0, 39, 59, 520, 545):
        result = verdict(sandboxes, PROBE.format(numbers=[0x40000000 | number]))
        assert result.verdict == "forbidden_call", number


def decide(program, number, *arguments, architecture=None):
    """Return the action of a filter for a call, evaluated as by the kernel."""
    arguments = [*arguments, *[0] * (6 - len(arguments))]
    machine = numbers.AUDIT_ARCHITECTURES[platform.machine()] if architecture is None else architecture
    data = struct.pack("<iIQ6Q", number, machine, 0, *(value & bpf.ALL for value in arguments))
    place = accumulator = 0
    while True:
        code, yes, no, operand = struct.unpack_from("HBBI", program, place * 8)
        place += 1
        if code == bpf.RETURN:
            return operand
        if code == bpf.LOAD:
            accumulator = struct.unpack_from("<I", data, operand)[0]
        elif code == bpf.AND:
            accumulator &= operand
        elif code == bpf.JUMP:
            place += operand
        else:
            is_so = accumulator == operand if code == bpf.JUMP_EQUAL else accumulator >= operand
            place += yes if is_so else no


CALLS = [
    ("mmap", (0, 4096, 3, 0x22), True),
    ("mmap", (0, 4096, 7, 0x22), False),
    ("mmap", (0, 4096, 4, 0x22), False),
    ("mprotect", (0, 4096, 5), False),
    ("clone", (0x3D0F00,), True),
    ("clone", (17,), False),
    ("clone", (0x3D0F00 | 0x10000000,), False),
    ("kill", (77, 9), True),
    ("kill", (1, 9), False),
    ("kill", (-1, 9), False),
    ("kill", (0, 9), False),
    ("tgkill", (78, 78, 9), False),
    ("prctl", (15,), True),
    ("prctl", (4, 1), False),
    ("prlimit64", (0, 9, 0, 1), True),
    ("prlimit64", (77, 9, 0, 1), True),
    ("prlimit64", (0, 9, 1 << 32, 0), False),
    ("prlimit64", (78, 9, 0, 1), False),
    ("socketpair", (1, 1 | 0o2000000), True),
    ("socketpair", (1, 2), False),
    ("socketpair", (2, 1), False),
    ("sendto", (3, 1, 1, 0, 0), True),
    ("sendto", (3, 1, 1, 0, 1 << 40), False),
    ("mmap", (0, 4096, 3, 0x21), False),
    ("mmap", (0, 4096, 3, 0x22 | MAP_HUGETLB), False),
    ("mmap", (0, 4096, 3, 0x22 | MAP_HUGETLB | 30 << 26), False),
    ("mmap", (0, 4096, 3, 0x21 | MAP_HUGETLB), False),
    ("mmap", (0, 4096, 3, 0x01 | MAP_HUGETLB), False),
    ("mmap", (0, 4096, 3, 0x01), True),
    ("sendto", (3, 1, 1, 0x4000), True),
    ("sendto", (3, 1, 1, MSG_OOB), False),
    ("sendto", (3, 1, 1, MSG_OOB | 0x4000), False),
    ("recvfrom", (3, 1, 1, 2), True),
    ("recvfrom", (3, 1, 1, MSG_OOB | 2), False),
    ("recvmsg", (3, 1, 0x40000000), True),
    ("recvmsg", (3, 1, MSG_OOB), False),
    *[("membarrier", (command,), True) for command in (0, 8, 16)],
    *[("membarrier", (command,), False) for command in (1, 2, 4, 32, 64, 128, 256, 512)],
    ("fcntl", (3, 1031, 1), False),
    ("fcntl", (3, 6), False),
    ("ioctl", (0, 0x5412), False),
    ("ioctl", (0, 0x5401), True),
    ("getsockopt", (3, 1, 77), False),
    *[("futex", (0, operation | flags), True) for operation in (0, 1, 9, 10) for flags in (0, 128, 384)],
    *[("futex", (0, operation | flags), False) for operation in range(2, 9) for flags in (0, 128, 384)],
    *[("futex", (0, operation | flags), False) for operation in range(11, 16) for flags in (0, 128, 256, 384)],
    ("getpgid", (0,), True),
    ("getsid", (77,), True),
    ("getsid", (78,), False),
    ("getpriority", (0, 77), True),
    ("getpriority", (0, 78), False),
    ("getpriority", (2, 0), False),
    ("sched_getaffinity", (0,), True),
    ("sched_getaffinity", (78,), False),
    ("clock_gettime", (2,), True),
    ("clock_gettime", (11,), True),
    ("clock_gettime", (~78 << 3 | 2,), False),
    ("clock_nanosleep", (1,), True),
    ("clock_nanosleep", (~78 << 3 | 2,), False),
]


@pytest.mark.parametrize(("name", "arguments", "passes"), CALLS)
def test_the_filter_checks_arguments(name, arguments, passes):
    for level in (1, 2, 3):
        action = decide(seccomp.program(77, level), numbers.table()[name], *arguments)
        assert (action == bpf.ALLOW) is passes


def test_the_filter_kills_calls_of_another_architecture():
    for architecture in (0, 0x40000003, 0xC00000B8):
        assert decide(seccomp.program(77, 3), 0, architecture=architecture) == bpf.KILL


@pytest.mark.skipif(platform.machine() != "x86_64", reason="other machines have no second set of calls")
@pytest.mark.parametrize("number", [0x40000000, 0x40000027, 0x7FFFFFFF, -1, -(2**31)])
def test_the_filter_kills_calls_of_the_x32_abi(number):
    assert decide(seccomp.program(77, 3), number) == bpf.KILL


def test_the_filter_allows_only_the_listed_calls():
    """Evaluates the jumps of the whole program."""
    by_number = {number: name for name, number in numbers.table().items()}
    for number in NUMBERS:
        name = by_number.get(number, "")
        action = decide(seccomp.program(77, 3), number, *[2**64 - 1] * 6)
        if name in seccomp.KILLED:
            assert action == bpf.KILL, name
        elif name not in seccomp._rules(77):  # noqa: SLF001
            assert (action == bpf.ALLOW) is (name in of_level(3)), (number, name)
        else:
            assert action == bpf.errno(errno.ENOSYS if name == "sched_getaffinity" else errno.EPERM), name


def test_no_level_allows_more_than_the_one_above():
    programs = {level: seccomp.program(77, level) for level in (1, 2, 3)}
    for number in NUMBERS:
        allowed = [decide(programs[level], number) == bpf.ALLOW for level in (1, 2, 3)]
        assert allowed == sorted(allowed), number


def test_the_table_of_call_numbers_is_that_of_this_machine():
    for name, call in (("getpid", os.getpid), ("getuid", os.getuid)):
        if name in numbers.table():
            assert ctypes.CDLL(None).syscall(numbers.table()[name]) == call()
