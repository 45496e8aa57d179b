"""The zygote: a warm interpreter that is locked down once, and then cloned for each learner's process.

A request of the judge is one message with the limits of a process and four descriptors: status, control, stdout,
stderr. Over `status` the zygote reports the process id with a pidfd, and later the exit status; or why it failed.
"""

import contextlib
import gc
import json
import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from . import landlock, levels, lockdown, preload, root, system

MAX_MESSAGE = 4096
DESCRIPTORS = 4
ID_MAPS = (("setgroups", "deny"), ("uid_map", "1000 0 1"), ("gid_map", "1000 0 1"))
LEARNER_FLAGS = system.CLONE_NEWUSER | system.CLONE_NEWPID | system.CLONE_NEWNS
# Without a root of its own, a process is restricted to these by Landlock.
DEVICES_READABLE = ("/dev/zero", "/dev/random", "/dev/urandom")
DEVICES_WRITABLE = ("/dev/null",)


class Zygote:
    """The loop that starts processes, and reports how they end."""

    def __init__(self, judge: socket.socket, setup: Mapping[str, Any]) -> None:
        self.judge = judge
        self.processes: dict[int, tuple[int, socket.socket]] = {}  # by pidfd: process id, status socket
        self.poll = select.poll()
        self.poll.register(judge, select.POLLIN)
        self.level: int = setup["level"]
        self.proc = -1
        self.restrictions = self._lock_down(setup)

    def _lock_down(self, setup: Mapping[str, Any]) -> lockdown.Restrictions:
        """Apply the restrictions that all processes share, and prepare the others."""
        os.umask(0o022)
        system.libc.mallopt(system.M_ARENA_MAX, 1)
        is_native = setup["native"]
        if is_native:
            # In its PID namespace, the kernel lets no other process signal the first one if it has no handler.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
        else:
            preload.extensions(setup["extensions"])
            preload.standard_library()
        readable, hidden, user = setup["readable"], setup["hidden"], setup["user"]
        files = root.HostFiles(readable, hidden, setup["overlays"], executable=is_native)
        version = landlock.abi() if self.level >= levels.FILES else 0
        tasks = 0
        if self.level >= levels.OWN_ROOT:
            self.proc = root.namespaces(files, user)
        else:
            root.drop_root(user)
            tasks = _tasks_of_user()
        rules = program_rules = None
        if is_native:
            # Not /dev/zero: a shared mapping of it is memory that no limit counts.
            readable_too = ["/etc", root.SCRATCH_PARENT, "/dev/random", "/dev/urandom"]
            executable, devices = [*readable, root.PROGRAM_PARENT], list(DEVICES_WRITABLE)
            scratch = [root.SCRATCH_PARENT, *devices]
            rules = landlock.ruleset(version, readable_too, [], [*scratch, root.PROGRAM_PARENT], executable)
            program_rules = landlock.ruleset(version, readable_too, [], scratch, executable)
        elif version:
            if self.level >= levels.OWN_ROOT:
                within, listable, scratch = ["/etc", *readable], [], [root.SCRATCH_PARENT]
            else:
                # What only root can read is not readable any more, and so is not for the processes.
                listable = [path for path in readable if os.path.isdir(path) and os.access(path, os.R_OK | os.X_OK)]
                within, scratch = _entries(listable, but=hidden), []
            rules = landlock.ruleset(version, [*within, *DEVICES_READABLE], listable, [*scratch, *DEVICES_WRITABLE])
        system.prctl(system.PR_SET_NO_NEW_PRIVS, 1)
        # At level 3 the zygote writes the id maps of its children, which a process that is not dumpable may not.
        system.prctl(system.PR_SET_DUMPABLE, 1 if self.level >= levels.OWN_ROOT else 0)
        sys.path[:] = [path for path in sys.path if path in setup["path"]]
        lockdown.open_streams()
        return lockdown.Restrictions(
            level=self.level,
            address_space=self._address_space(),
            tasks=tasks,
            ruleset=rules,
            parent=os.getpid(),
            program_rules=program_rules,
        )

    def _address_space(self) -> int:
        place = "statm" if self.proc < 0 else None
        path = f"/proc/self/{place}" if place else "self/statm"
        with os.fdopen(os.open(path, os.O_RDONLY, dir_fd=None if place else self.proc)) as file:
            return int(file.read().split()[0]) * resource.getpagesize()

    def greet(self) -> None:
        """Tell the judge that we are ready. Raises `ConnectionError` when the judge is gone."""
        gc.collect()
        gc.freeze()  # so that garbage collections in the processes do not touch, and so copy, shared pages
        self.judge.send(json.dumps({"level": self.level, "address_space": self.restrictions.address_space}).encode())

    def serve(self) -> None:
        """Start processes until the judge closes the socket. In a new process, return once it is locked down."""
        while True:
            for descriptor, _ in self.poll.poll():
                if descriptor != self.judge.fileno():
                    self._report(descriptor)
                elif self._start_process():
                    return

    def _start_process(self) -> bool:
        """Handle one request; return True in the new process."""
        try:
            message, descriptors, _, _ = socket.recv_fds(self.judge, MAX_MESSAGE, DESCRIPTORS)
        except ConnectionError:
            message, descriptors = b"", []
        if not message:
            os._exit(0)  # the judge has ended; the processes die with the zygote
        status = socket.socket(fileno=descriptors[0])
        begin, go = os.pipe()
        try:
            pid, pidfd = self._fork()
            if pid == 0:
                os.close(go)
                # Their numbers will be reused for other descriptors, which the objects must not close.
                status.detach()
                self.judge.detach()
                lockdown.apply(self.restrictions, json.loads(message), descriptors[1:], begin)
                return True
            self._admit(pid, pidfd, go, status)
        except OSError as error:
            _send(status, {"failed": str(error)})
            status.close()
        for descriptor in (begin, go, *descriptors[1:]):
            os.close(descriptor)
        return False

    def _fork(self) -> tuple[int, int]:
        if self.level >= levels.OWN_ROOT:
            return system.clone(LEARNER_FLAGS)
        pid = os.fork()
        return (pid, os.pidfd_open(pid)) if pid else (0, -1)

    def _admit(self, pid: int, pidfd: int, go: int, status: socket.socket) -> None:
        """Report a new process to the judge, and let it continue."""
        self.processes[pidfd] = (pid, status)
        self.poll.register(pidfd, select.POLLIN)
        if self.level >= levels.OWN_ROOT:
            for name, text in ID_MAPS:
                file = os.open(f"{pid}/{name}", os.O_WRONLY | os.O_CLOEXEC, dir_fd=self.proc)
                os.write(file, text.encode())
                os.close(file)
        _send(status, {"pid": pid}, pidfd)
        os.write(go, b"g")

    def _report(self, pidfd: int) -> None:
        """Report to the judge how a process ended."""
        pid, status = self.processes.pop(pidfd)
        self.poll.unregister(pidfd)
        os.close(pidfd)
        _, ended, usage = os.wait4(pid, 0)
        _send(
            status,
            {
                "exit": os.waitstatus_to_exitcode(ended),  # the negative number of the signal that ended it, if one did
                "cpu_ms": (usage.ru_utime + usage.ru_stime) * 1000,
                "memory_bytes": usage.ru_maxrss * 1024,
            },
        )
        status.close()


def _entries(directories: Sequence[str], but: Sequence[str]) -> list[str]:
    """Return the readable entries of the directories, except hidden ones."""
    paths = [entry.path for directory in directories for entry in os.scandir(directory)]
    return [path for path in paths if path not in but and os.access(path, os.R_OK)]


def _tasks_of_user() -> int:
    """Return the number of threads of this user on the host."""
    found = 0
    for name in os.listdir("/proc"):
        # Processes may end during this loop.
        with contextlib.suppress(OSError):
            if name.isdecimal() and os.stat(f"/proc/{name}").st_uid == os.getuid():
                found += len(os.listdir(f"/proc/{name}/task"))
    return found


def _send(status: socket.socket, message: Mapping[str, Any], *descriptors: int) -> None:
    """Send a message to the judge, unless it has closed the socket."""
    with contextlib.suppress(OSError):
        socket.send_fds(status, [json.dumps(message).encode()], descriptors)
