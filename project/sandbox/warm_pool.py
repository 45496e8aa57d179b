"""Sandboxed processes that are started in advance, from one zygote at a time."""

import threading
from collections import deque
from collections.abc import Callable

from project.sandbox.errors import SandboxUnavailable
from project.sandbox.limits import Limits
from project.sandbox.process import SandboxedProcess
from project.sandbox.zygote import Zygote

PROCESSES_PER_ZYGOTE = 5_000  # whatever accumulates in one interpreter is gone with it


class WarmPool:
    """The zygote in use, its warm processes, and earlier zygotes that still have processes in use. Thread-safe.

    Two pools share no zygote, and so neither a memory layout nor an inherited object.
    """

    def __init__(self, size: int, make_zygote: Callable[[int], Zygote] = Zygote) -> None:
        self._make_zygote = make_zygote
        self.zygote: Zygote | None = None
        self._level = 0  # while it is closed
        self._lock = threading.RLock()
        self._size = size
        self._warm: deque[SandboxedProcess] = deque()
        self._retired: list[Zygote] = []

    @property
    def needs_renewal(self) -> bool:
        """Whether the zygote has started so many processes that it should be replaced."""
        return self.zygote is not None and self.zygote.started >= PROCESSES_PER_ZYGOTE

    def acquire(self, limits: Limits) -> tuple[Zygote, SandboxedProcess]:
        """Return a fresh process and its zygote, which has to be passed to `release` once the process is closed.

        Raises:
            SandboxUnavailable: the pool is closed, or no zygote starts at its level any more.
            SandboxError: the zygote has ended.

        """
        with self._lock:
            if not self._level:
                raise SandboxUnavailable("closed")
            zygote = self.zygote
            if zygote is None or not zygote.is_sound():
                zygote = self._make_zygote(self._level)
                self._use(zygote)
            process = self._warm_process(zygote, limits) or zygote.start_process(limits)
            # These are set up while the acquired process is running.
            while len(self._warm) < self._size:
                self._warm.append(zygote.start_process(zygote.warm_limits))
            zygote.in_use += 1
            return zygote, process

    def _warm_process(self, zygote: Zygote, limits: Limits) -> SandboxedProcess | None:
        """Return a warm process, if they can have these limits."""
        return self._warm.popleft() if self._warm and zygote.adapt(self._warm[0], limits) else None

    def release(self, zygote: Zygote) -> None:
        """Record that a process of this zygote is closed."""
        with self._lock:
            zygote.in_use -= 1
            self._close_retired()

    def open(self, level: int, zygote: Zygote | None = None) -> None:
        """Offer processes at this level, from this zygote or from one that is started when it is first needed."""
        with self._lock:
            self._level = level
            self._use(zygote)

    def renew(self) -> None:
        """Replace the zygote. The earlier one is used until the new one has started, and ends with its last process.

        Raises:
            SandboxUnavailable: none starts at this level any more.

        """
        zygote = self._make_zygote(self._level)
        with self._lock:
            if self._level:
                self._use(zygote)
            else:
                zygote.close()

    def close_warm(self) -> None:
        """Close the warm processes."""
        with self._lock:
            while self._warm:
                self._warm.popleft().close()

    def close(self) -> None:
        """End all processes, including those in use."""
        with self._lock:
            self._use(None)
            for zygote in self._retired:
                zygote.close()
            self._retired, self._level = [], 0

    def _use(self, zygote: Zygote | None) -> None:
        """Use another zygote, or none; the earlier ones end with their last process."""
        self.close_warm()
        self._retired += [self.zygote] if self.zygote else []
        self.zygote = zygote
        self._close_retired()

    def _close_retired(self) -> None:
        for zygote in [zygote for zygote in self._retired if not zygote.in_use]:
            zygote.close()
            self._retired.remove(zygote)
