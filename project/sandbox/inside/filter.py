"""Which system calls a learner's process may make: an allow-list; everything else fails with EPERM.

Python then raises PermissionError, which a learner can understand. Calls that no program of a learner has a reason to
make, and those that past kernel vulnerabilities needed, end the process instead.
"""

import errno
import os

from . import levels, system
from .bpf import ALLOW, KILL, WORD, Condition, Rules, assemble
from .bpf import errno as refuse

# Calls that take no path and touch nothing but the process itself and its open descriptors. No sendmsg: descriptors
# in transit in sockets would use memory that no limit counts. Calls that receive have rules below.
ALLOWED = """
read write readv writev pread64 pwrite64 close fstat lseek dup dup2 dup3 pipe pipe2 close_range fsync fdatasync
ftruncate fallocate copy_file_range
poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait
munmap mremap brk msync
rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack pause alarm getitimer
setitimer nanosleep gettimeofday time times restart_syscall sched_yield getcpu set_robust_list set_tid_address
rseq
getpid getppid gettid getuid geteuid getgid getegid getgroups getresuid getresgid getpgrp getrlimit getrusage sysinfo
uname umask wait4 exit exit_group getrandom
shutdown getsockname getpeername
""".split()

# Calls that read by path. Mounts and Landlock restrict what they can reach.
READING = """
open openat stat lstat newfstatat statx access faccessat faccessat2 readlink readlinkat getdents getdents64 getcwd chdir
fchdir statfs fstatfs
""".split()

# Calls that change files. Landlock has no right for modes and times. So they are only allowed with a root of its own,
# where everything but the scratch is read-only: otherwise files of the service could belong to the same user.
WRITING = """
creat truncate rename renameat renameat2 mkdir mkdirat rmdir unlink unlinkat symlink symlinkat link linkat chmod fchmod
fchmodat utimensat
""".split()

KILLED = """
ptrace process_vm_readv process_vm_writev process_madvise kcmp keyctl add_key request_key bpf perf_event_open
userfaultfd io_uring_setup io_uring_enter io_uring_register mount umount2 pivot_root setns unshare fsopen open_tree
move_mount mount_setattr init_module finit_module delete_module kexec_load kexec_file_load iopl ioperm swapon reboot
modify_ldt move_pages pidfd_getfd
""".split()

PROT_WRITE, PROT_EXEC = 2, 4
MAP_SHARED, MAP_PRIVATE, MAP_TYPE, MAP_ANONYMOUS = 1, 2, 0xF, 0x20
# Huge pages of the host's reserve, which no limit of a process counts.
MAP_HUGETLB = 0x40000
# Urgent data, which uses much rarely tested kernel code (CVE-2025-38236). The bit is refused in every flags argument.
MSG_OOB = 1
AF_UNIX, SOCK_STREAM, SOCK_TYPE_MASK, SOL_SOCKET = 1, 1, 0xF, 1
# What pthread_create passes to clone: VM FS FILES SIGHAND THREAD SYSVSEM SETTLS PARENT_SETTID CHILD_CLEARTID, and by
# musl DETACHED too. Nothing else: no process, no namespace.
THREAD_FLAGS = (0x003D0F00, 0x007D0F00)
# F_DUPFD F_GETFD F_SETFD F_GETFL F_DUPFD_CLOEXEC F_GETPIPE_SZ; F_SETFL has its rule below. No locks, leases, owners or
# notifications: they would be channels between processes that share a read-only file. No F_SETPIPE_SZ: it allocates
# kernel memory beyond the limit.
FCNTL_COMMANDS = (0, 1, 2, 3, 1030, 1032)
F_SETFL = 4
# Flags that may not be set: a packet pipe would send each byte to the judge separately, and signals have no receiver.
FORBIDDEN_FLAGS = os.O_DIRECT | os.O_ASYNC
O_ACCMODE = os.O_RDONLY | os.O_WRONLY | os.O_RDWR
# TCGETS TIOCGWINSZ FIOCLEX FIONCLEX FIONBIO FIONREAD
IOCTL_REQUESTS = (0x5401, 0x5413, 0x5451, 0x5450, 0x5421, 0x541B)
# NORMAL RANDOM SEQUENTIAL WILLNEED DONTNEED FREE HUGEPAGE NOHUGEPAGE. No MERGEABLE: merged pages reveal the
# memory of other processes.
MADVICE = (0, 1, 2, 3, 4, 8, 14, 15)
# SO_TYPE SO_ERROR SO_SNDBUF SO_RCVBUF SO_ACCEPTCONN SO_PROTOCOL SO_DOMAIN. None that describes the peer, which is
# the judge.
SOCKET_OPTIONS = (3, 4, 7, 8, 30, 38, 39)
# PR_SET_NAME PR_GET_NAME
PRCTL_OPTIONS = (15, 16)
PRIO_PROCESS = 0
# WAIT_BITSET WAKE WAIT WAKE_BITSET, with and without PRIVATE and CLOCK_REALTIME: the locks, semaphores and
# condition variables of glibc since 2.25 need no more. None that works on two futexes (REQUEUE CMP_REQUEUE WAKE_OP),
# where many kernel vulnerabilities were. None of those that pass on priority: they name a thread by its number, which
# can be that of any thread of the host.
FUTEX_OPERATIONS = (9, 1, 0, 10)
FUTEX_FLAGS = 0x180
# QUERY PRIVATE_EXPEDITED REGISTER_PRIVATE_EXPEDITED: barriers among the threads of this process. The GLOBAL ones
# interrupt every process of the host, or wait for all of them.
MEMBARRIER_COMMANDS = (0, 8, 16)
# The bits that are set in none of the clocks of the system, one's own CPU time among them. The clock of another process
# is a negative number, made of its id.
NO_SYSTEM_CLOCK = 0xFFFFFFE0


def _one_of(argument: int, values: tuple[int, ...]) -> list[list[Condition]]:
    return [[Condition(argument, value, WORD)] for value in values]


def _opening(flags: int) -> list[list[Condition]]:
    """Allow opening a file without truncating it, or for writing, which Landlock restricts."""
    return [
        [Condition(flags, 0, os.O_TRUNC)],
        *([Condition(flags, os.O_TRUNC | mode, os.O_TRUNC | O_ACCMODE)] for mode in (os.O_WRONLY, os.O_RDWR)),
    ]


def _rules(pid: int) -> Rules:
    """Return the calls that depend on their arguments. `pid` is the id of the learner's process in its namespace."""
    not_executable = Condition(2, 0, PROT_EXEC)
    own_process = [[Condition(0, pid, WORD)]]
    # Below level 3, those of others would list the host's processes, and reveal their activity.
    queried = [[Condition(0, process, WORD)] for process in (0, pid)]
    clocks = [[Condition(0, 0, NO_SYSTEM_CLOCK)]]
    return {
        # Shared mappings of read-only files could be used to wake another process; files of the scratch are allowed.
        # Shared memory without a file keeps all its pages while one is mapped, and no limit counts the others.
        "mmap": [
            [not_executable, Condition(3, MAP_PRIVATE, MAP_TYPE | MAP_HUGETLB)],
            [
                Condition(2, PROT_WRITE, PROT_EXEC | PROT_WRITE),
                Condition(3, MAP_SHARED, MAP_TYPE | MAP_ANONYMOUS | MAP_HUGETLB),
            ],
        ],
        "mprotect": [[not_executable]],
        "madvise": _one_of(2, MADVICE),
        "clone": _one_of(0, THREAD_FLAGS),
        "kill": own_process,
        "tgkill": own_process,
        "futex": [[Condition(1, operation, WORD & ~FUTEX_FLAGS)] for operation in FUTEX_OPERATIONS],
        "membarrier": _one_of(0, MEMBARRIER_COMMANDS),
        "fcntl": [
            *_one_of(1, FCNTL_COMMANDS),
            [Condition(1, F_SETFL, WORD), Condition(2, 0, FORBIDDEN_FLAGS)],
        ],
        "ioctl": _one_of(1, IOCTL_REQUESTS),
        "prctl": _one_of(0, PRCTL_OPTIONS),
        **dict.fromkeys(("getpgid", "getsid", "sched_getaffinity"), queried),
        "getpriority": [[Condition(0, PRIO_PROCESS, WORD), Condition(1, process, WORD)] for process in (0, pid)],
        **dict.fromkeys(("clock_gettime", "clock_getres", "clock_nanosleep"), clocks),
        # Read the limits of this process, but set none.
        "prlimit64": [[Condition(0, process, WORD), Condition(2, 0)] for process in (0, pid)],
        # STREAM only: from a datagram pair one could send to a named socket of the host.
        "socketpair": [[Condition(0, AF_UNIX, WORD), Condition(1, SOCK_STREAM, SOCK_TYPE_MASK)]],
        "sendto": [[Condition(4, 0), Condition(3, 0, MSG_OOB)]],  # no address: only connected sockets
        "recvfrom": [[Condition(3, 0, MSG_OOB)]],
        "recvmsg": [[Condition(2, 0, MSG_OOB)]],
        "getsockopt": [[Condition(1, SOL_SOCKET, WORD), Condition(2, option, WORD)] for option in SOCKET_OPTIONS],
    }


# What programs of their own need beyond that: other programs, processes, sessions, and just-in-time compilers.
NATIVE = """
execve execveat fork vfork waitid kill tkill tgkill setpgid getpgid setsid getsid
eventfd eventfd2 signalfd4 timerfd_create timerfd_settime timerfd_gettime timer_create timer_settime timer_gettime
timer_delete timer_getoverrun
mprotect mincore arch_prctl setrlimit sched_getaffinity sched_getparam sched_getscheduler sched_get_priority_max
sched_get_priority_min getpriority clock_gettime clock_getres clock_nanosleep capget
landlock_restrict_self
""".split()
# `ls` reports every error but that the file system has none.
EXTENDED_ATTRIBUTES = "getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr".split()
# Every namespace but that of time, which clone(2) cannot create.
NEW_NAMESPACES = 0x7E020000
# Also POPULATE_WRITE POPULATE_READ COLLAPSE DONTFORK DOFORK DONTDUMP DODUMP, of the JVM and of Go.
NATIVE_MADVICE = (*MADVICE, 10, 11, 16, 17, 22, 23, 25)
# Also TIOCGPGRP, of shells.
NATIVE_IOCTL_REQUESTS = (*IOCTL_REQUESTS, 0x540F)
# Also PR_SET_PDEATHSIG PR_GET_DUMPABLE PR_SET_VMA.
NATIVE_PRCTL_OPTIONS = (*PRCTL_OPTIONS, 1, 3, 0x53564D41)


def native_program() -> bytes:
    """Return the filter for native programs: they have a PID namespace of their own, and may start processes in it."""
    # What a shared mapping without a file holds is in no resident set once it is unmapped in part: no limit counts it.
    # A process that has to share memory maps a file in its scratch.
    mappings = [
        [Condition(3, MAP_PRIVATE, MAP_TYPE | MAP_HUGETLB)],
        [Condition(3, MAP_SHARED, MAP_TYPE | MAP_ANONYMOUS | MAP_HUGETLB)],
    ]
    rules = {name: rule for name, rule in _rules(1).items() if name not in NATIVE} | {
        "mmap": mappings,
        "madvise": _one_of(2, NATIVE_MADVICE),
        "clone": [[Condition(0, 0, NEW_NAMESPACES)]],
        "ioctl": _one_of(1, NATIVE_IOCTL_REQUESTS),
        "prctl": _one_of(0, NATIVE_PRCTL_OPTIONS),
        # Their own limits, which they may only lower.
        "prlimit64": [[Condition(0, 0, WORD)]],
        # For `executed_program`, which ends this.
        "seccomp": [[Condition(0, system.SECCOMP_SET_MODE_FILTER, WORD), Condition(1, 0)]],
    }
    refusals = {
        **dict.fromkeys(KILLED, KILL),
        # As from a kernel without it: Node.js 20 tries it at its start, and then uses other calls.
        "io_uring_setup": refuse(errno.ENOSYS),
        "clone3": refuse(errno.ENOSYS),
        **dict.fromkeys(EXTENDED_ATTRIBUTES, refuse(errno.ENOTSUP)),
    }
    return assemble([*ALLOWED, *READING, *WRITING, *NATIVE], rules, refusals, refuse(errno.EPERM))


def executed_program(*, maps_files_as_shared: bool) -> bytes:
    """Return the filter that is added when a native program is executed, and is the last one.

    Two programs could wake each other by a futex in a file of the host that both map as shared. So only those whose
    language cannot do without may do that; all others may map only what they can write: files of their own scratch.
    """
    mappings = [[Condition(3, MAP_PRIVATE, MAP_TYPE)], [Condition(2, PROT_WRITE, PROT_WRITE)]]
    rules = {} if maps_files_as_shared else {"mmap": mappings}
    return assemble([], rules, dict.fromkeys(["seccomp", *rules], refuse(errno.EPERM)), ALLOW)


def program(pid: int, level: int) -> bytes:
    """Return the filter for a process at an isolation level."""
    allowed = ALLOWED + (READING if level >= levels.FILES else []) + (WRITING if level >= levels.OWN_ROOT else [])
    rules = dict(_rules(pid))
    if level == levels.FILES:
        # Early versions of Landlock have no right to truncate: opening a readable file for reading could truncate it.
        allowed = [name for name in allowed if name not in {"open", "openat"}]
        rules |= {"open": _opening(1), "openat": _opening(2)}
    refusals = dict.fromkeys(KILLED, KILL)
    # A filter cannot read the flags of clone3, which are in memory; glibc then uses clone.
    refusals["clone3"] = refuse(errno.ENOSYS)
    # glibc calls it for the stack of a thread, and continues without.
    refusals["sched_getaffinity"] = refuse(errno.ENOSYS)
    return assemble(allowed, rules, refusals, refuse(errno.EPERM))
