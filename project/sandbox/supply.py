"""Runs from one zygote at a time: kept warm, and from another zygote when that one is broken or has made enough."""

import threading
from collections import deque

from project.sandbox.errors import SandboxUnavailable
from project.sandbox.limits import Limits
from project.sandbox.run import Run
from project.sandbox.zygote import Zygote

RUNS_PER_ZYGOTE = 5_000  # whatever may pile up in one interpreter is gone with it


class Supply:
    """The zygote in use, the runs of it that wait, and the zygotes before it whose runs are not over.

    Any thread may use it. Two supplies share no zygote, and so neither a memory layout nor an inherited object.
    """

    def __init__(self, warm: int) -> None:
        self.zygote: Zygote | None = None
        self._level = 0  # while it is closed
        self._lock = threading.RLock()
        self._warm_size = warm
        self._warm: deque[Run] = deque()
        self._retired: list[Zygote] = []

    @property
    def is_worn(self) -> bool:
        """Whether the zygote has made so many runs that another should take over."""
        return self.zygote is not None and self.zygote.runs >= RUNS_PER_ZYGOTE

    def take(self, limits: Limits) -> tuple[Zygote, Run]:
        """Return a fresh run and its zygote, which is to be given to `release` when the run is over.

        Raises:
            SandboxUnavailable: it is not open, or no zygote starts any more at its level.
            SandboxError: the zygote is gone.

        """
        with self._lock:
            if not self._level:
                raise SandboxUnavailable("closed")
            zygote = self.zygote
            if zygote is None or not zygote.is_sound():
                zygote = Zygote(self._level)
                self._use(zygote)
            run = self._warm.popleft() if self._warm and limits == Limits() else zygote.start_run(limits)
            # Made while the one that was taken is at work.
            while len(self._warm) < self._warm_size:
                self._warm.append(zygote.start_run(Limits()))
            zygote.in_use += 1
            return zygote, run

    def release(self, zygote: Zygote) -> None:
        """Take note that a run of this zygote is over."""
        with self._lock:
            zygote.in_use -= 1
            self._close_retired()

    def open(self, level: int, zygote: Zygote | None = None) -> None:
        """Give runs at this level from now on, of this zygote or of one that the first run starts."""
        with self._lock:
            self._level = level
            self._use(zygote)

    def renew(self) -> None:
        """Use another zygote, which starts while the one before it goes on; that one ends with its last run.

        Raises:
            SandboxUnavailable: none starts any more at this level.

        """
        zygote = Zygote(self._level)
        with self._lock:
            if self._level:
                self._use(zygote)
            else:
                zygote.close()

    def forget_warm(self) -> None:
        """End the runs that wait."""
        with self._lock:
            while self._warm:
                self._warm.popleft().close()

    def close(self) -> None:
        """End everything, runs that are in use too."""
        with self._lock:
            self._use(None)
            for zygote in self._retired:
                zygote.close()
            self._retired, self._level = [], 0

    def _use(self, zygote: Zygote | None) -> None:
        """Use another zygote, or none; those before it end when their last run has."""
        self.forget_warm()
        self._retired += [self.zygote] if self.zygote else []
        self.zygote = zygote
        self._close_retired()

    def _close_retired(self) -> None:
        for zygote in [zygote for zygote in self._retired if not zygote.in_use]:
            zygote.close()
            self._retired.remove(zygote)
