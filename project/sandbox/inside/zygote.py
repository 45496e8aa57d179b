"""A warm interpreter that turns into a learner's process whenever the judge asks: once locked down, cheap to clone.

The judge's socket brings, as one message, the limits of a run and four descriptors: status, control, stdout, stderr. On
`status` it hears of the process: its id with a pidfd, later how it ended; or, if it could not be made, why.
"""

import contextlib
import gc
import json
import os
import resource
import select
import socket
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from . import landlock, levels, lockdown, preload, root, system

MAX_MESSAGE = 4096
DESCRIPTORS = 4
ID_MAPS = (("setgroups", "deny"), ("uid_map", "1000 0 1"), ("gid_map", "1000 0 1"))
LEARNER_FLAGS = system.CLONE_NEWUSER | system.CLONE_NEWPID | system.CLONE_NEWNS
# Without a root of our own, Landlock is what keeps a run to these.
DEVICES_READABLE = ("/dev/zero", "/dev/random", "/dev/urandom")
DEVICES_WRITABLE = ("/dev/null",)


class Zygote:
    """The loop that makes runs, and tells of their ends."""

    def __init__(self, judge: socket.socket, setup: Mapping[str, Any]) -> None:
        self.judge = judge
        self.runs: dict[int, tuple[int, socket.socket]] = {}  # by pidfd: process id, status socket
        self.poll = select.poll()
        self.poll.register(judge, select.POLLIN)
        self.level: int = setup["level"]
        self.proc = -1
        self.walls = self._lock_down(setup)

    def _lock_down(self, setup: Mapping[str, Any]) -> lockdown.Walls:
        """Go behind the walls that all runs share."""
        os.umask(0o022)
        system.libc.mallopt(system.M_ARENA_MAX, 1)
        preload.extensions(setup["extensions"])
        preload.standard_library()
        readable, hidden, user = setup["readable"], setup["hidden"], setup["user"]
        version = landlock.abi() if self.level >= levels.FILES else 0
        tasks = 0
        if self.level >= levels.OWN_ROOT:
            self.proc = root.namespaces(readable, hidden, user)
        else:
            root.drop_root(user)
            tasks = _tasks_of_user()
        rules = None
        if version:
            if self.level >= levels.OWN_ROOT:
                within, listable, scratch = ["/etc", *readable], [], [root.SCRATCH_PARENT]
            else:
                # What root could read before it was given up may be out of reach now; then so it is for the run.
                listable = [path for path in readable if os.path.isdir(path) and os.access(path, os.R_OK | os.X_OK)]
                within, scratch = _entries(listable, but=hidden), []
            rules = landlock.ruleset(version, [*within, *DEVICES_READABLE], listable, [*scratch, *DEVICES_WRITABLE])
        system.prctl(system.PR_SET_NO_NEW_PRIVS, 1)
        # At level 3 we write the id maps of our children, which a process that cannot be dumped may not.
        system.prctl(system.PR_SET_DUMPABLE, 1 if self.level >= levels.OWN_ROOT else 0)
        sys.path[:] = [path for path in sys.path if path in setup["path"]]
        lockdown.open_streams()
        return lockdown.Walls(
            level=self.level,
            address_space=self._address_space(),
            tasks=tasks,
            ruleset=rules,
            parent=os.getpid(),
        )

    def _address_space(self) -> int:
        place = "statm" if self.proc < 0 else None
        path = f"/proc/self/{place}" if place else "self/statm"
        with os.fdopen(os.open(path, os.O_RDONLY, dir_fd=None if place else self.proc)) as file:
            return int(file.read().split()[0]) * resource.getpagesize()

    def greet(self) -> None:
        """Tell the judge that we are ready. Raises `ConnectionError` when the judge is gone."""
        gc.collect()
        gc.freeze()  # so that collections in runs do not touch, and copy, the pages that all share
        self.judge.send(json.dumps({"level": self.level, "address_space": self.walls.address_space}).encode())

    def serve(self) -> None:
        """Make runs until the judge hangs up; in a run's process, return as what the learner may have."""
        while True:
            for descriptor, _ in self.poll.poll():
                if descriptor != self.judge.fileno():
                    self._report(descriptor)
                elif self._make_run():
                    return

    def _make_run(self) -> bool:
        """Answer one request; return True in the process of the run."""
        try:
            message, descriptors, _, _ = socket.recv_fds(self.judge, MAX_MESSAGE, DESCRIPTORS)
        except ConnectionError:
            message, descriptors = b"", []
        if not message:
            os._exit(0)  # the judge is gone; its runs die with us
        status = socket.socket(fileno=descriptors[0])
        begin, go = os.pipe()
        try:
            pid, pidfd = self._fork()
            if pid == 0:
                os.close(go)
                # Their numbers will soon mean other things, which the objects must not close.
                status.detach()
                self.judge.detach()
                lockdown.enter(self.walls, json.loads(message), descriptors[1:], begin)
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
        """Let a new process begin, and tell the judge of it."""
        self.runs[pidfd] = (pid, status)
        self.poll.register(pidfd, select.POLLIN)
        if self.level >= levels.OWN_ROOT:
            for name, text in ID_MAPS:
                file = os.open(f"{pid}/{name}", os.O_WRONLY | os.O_CLOEXEC, dir_fd=self.proc)
                os.write(file, text.encode())
                os.close(file)
        _send(status, {"pid": pid}, pidfd)
        os.write(go, b"g")

    def _report(self, pidfd: int) -> None:
        """Tell the judge how a run ended."""
        pid, status = self.runs.pop(pidfd)
        self.poll.unregister(pidfd)
        os.close(pidfd)
        _, ended, usage = os.wait4(pid, 0)
        _send(
            status,
            {
                "exit": os.waitstatus_to_exitcode(ended),  # minus the signal's number, if it was one
                "cpu_ms": (usage.ru_utime + usage.ru_stime) * 1000,
                "memory_bytes": usage.ru_maxrss * 1024,
            },
        )
        status.close()


def _entries(directories: Sequence[str], but: Sequence[str]) -> list[str]:
    """Return what lies in the directories and can be read, without what is to stay hidden."""
    paths = [entry.path for directory in directories for entry in os.scandir(directory)]
    return [path for path in paths if path not in but and os.access(path, os.R_OK)]


def _tasks_of_user() -> int:
    """Return how many threads this user has on the host."""
    found = 0
    for name in os.listdir("/proc"):
        # Processes come and go while we look.
        with contextlib.suppress(OSError):
            if name.isdecimal() and os.stat(f"/proc/{name}").st_uid == os.getuid():
                found += len(os.listdir(f"/proc/{name}/task"))
    return found


def _send(status: socket.socket, message: Mapping[str, Any], *descriptors: int) -> None:
    """Send to a judge who may have stopped listening."""
    with contextlib.suppress(OSError):
        socket.send_fds(status, [json.dumps(message).encode()], descriptors)
