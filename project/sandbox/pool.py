"""Sandboxes for whoever asks: the best isolation that the host offers, kept warm, checked, and renewed."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from project.sandbox import canaries
from project.sandbox.errors import SandboxError, SandboxUnavailable
from project.sandbox.limits import Limits
from project.sandbox.run import Run
from project.sandbox.zygote import Zygote

log = logging.getLogger(__name__)

HIGHEST, LOWEST = 3, 1
RUNS_PER_ZYGOTE = 5_000  # whatever may pile up in one interpreter is gone with it
CHECK_SECONDS = 600.0
RETRY_SECONDS = 30.0  # after a failed start or check


class Sandboxes:
    """Runs at the highest isolation level that holds; none at all below `minimum`. Any thread may use it.

    The level is found once, by trying: from the highest down, the first whose zygote starts and whose canaries are
    held. From then on it stays; if a check fails later, there are no runs until one succeeds at that level again.
    """

    def __init__(self, *, minimum: int = 2, maximum: int = HIGHEST, warm: int = 4) -> None:
        self.level = 0
        self._minimum, self._maximum, self._warm_size = max(LOWEST, minimum), maximum, warm
        self._lock = threading.RLock()
        self._zygote: Zygote | None = None
        self._warm: deque[Run] = deque()
        self._retired: list[Zygote] = []
        self._trouble = "not started"
        self._next_check = 0.0
        self._upkeep = threading.Lock()

    @property
    def trouble(self) -> str:
        """Why there are no runs; empty when there are."""
        return self._trouble

    def start(self) -> None:
        """Start, or check again when it is time to.

        Raises:
            SandboxUnavailable: no level from `minimum` on holds on this host; the message says why.

        """
        if time.monotonic() < self._next_check:
            self._refuse_in_trouble()
            return
        if self._zygote is not None and not self._trouble:
            self._beside(self._check)
            return
        with self._lock:
            if time.monotonic() >= self._next_check:
                self._begin()
        self._refuse_in_trouble()

    @contextmanager
    def run(self, limits: Limits) -> Iterator[Run]:
        """Give a fresh sandbox for one use, and clear it away afterwards.

        Raises:
            SandboxUnavailable: there are none on this host at the moment.
            SandboxError: this one could not be made. The next one will come from another zygote.

        """
        self.start()
        zygote, run = self._take(limits)
        try:
            yield run
        except SandboxError:
            zygote.is_broken = True
            raise
        finally:
            run.close()
            with self._lock:
                zygote.in_use -= 1
                self._close_retired()

    def close(self) -> None:
        """End everything."""
        with self._lock:
            self._forget_warm()
            for zygote in (*self._retired, *([self._zygote] if self._zygote else [])):
                zygote.close()
            self._retired, self._zygote, self._trouble, self._next_check = [], None, "closed", 0.0

    def _begin(self) -> None:
        """Find the level, or see whether the one that was found holds again."""
        reasons = []
        for level in [self.level] if self.level else range(self._maximum, self._minimum - 1, -1):
            try:
                zygote = Zygote(level)
            except (SandboxError, OSError) as error:
                reasons.append(str(error))
                continue
            try:
                canaries.check(zygote.start_run)
            except (SandboxError, OSError) as error:
                zygote.close()
                reasons.append(f"level {level}: {error}")
                continue
            self.level = level
            self._replace(zygote)
            self._trouble, self._next_check = "", time.monotonic() + CHECK_SECONDS
            log.info("sandboxes at level %s", level)
            if reasons:
                log.warning("not at a higher level: %s", "; ".join(reasons))
            return
        self._trouble = "; ".join(reasons) or f"there is no level {self._minimum}"
        log.error("there are no sandboxes: %s", self._trouble)
        self._next_check = time.monotonic() + RETRY_SECONDS

    def _refuse_in_trouble(self) -> None:
        if self._trouble:
            raise SandboxUnavailable(self._trouble)

    def _beside(self, work: Callable[[], None]) -> None:
        """Do some upkeep while runs go on; one piece at a time."""
        if self._upkeep.acquire(blocking=False):
            threading.Thread(target=self._do, args=(work,), daemon=True).start()

    def _do(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (SandboxError, OSError) as error:
            log.error("there are no sandboxes any more: %s", error)  # noqa: TRY400 - its traceback says no more
            with self._lock:
                self._trouble, self._next_check = str(error), time.monotonic() + RETRY_SECONDS
                self._forget_warm()
        finally:
            self._upkeep.release()

    def _check(self) -> None:
        if self._zygote is not None:
            canaries.check(self._zygote.start_run)
        self._next_check = time.monotonic() + CHECK_SECONDS

    def _take(self, limits: Limits) -> tuple[Zygote, Run]:
        with self._lock:
            zygote = self._zygote
            if zygote is None:
                raise SandboxUnavailable(self._trouble)
            if not zygote.is_sound():
                zygote = self._replace(Zygote(self.level))
            elif zygote.runs >= RUNS_PER_ZYGOTE:
                self._beside(self._renew)
            run = self._warm.popleft() if self._warm and limits == Limits() else zygote.start_run(limits)
            # Made while the one that was taken is at work.
            while len(self._warm) < self._warm_size:
                self._warm.append(zygote.start_run(Limits()))
            zygote.in_use += 1
            return zygote, run

    def _renew(self) -> None:
        zygote = Zygote(self.level)
        with self._lock:
            self._replace(zygote)

    def _replace(self, zygote: Zygote) -> Zygote:
        """Use another zygote from now on; those before it end when their last run has."""
        self._forget_warm()
        self._retired += [self._zygote] if self._zygote else []
        self._zygote = zygote
        self._close_retired()
        return zygote

    def _close_retired(self) -> None:
        for retired in [retired for retired in self._retired if not retired.in_use]:
            retired.close()
            self._retired.remove(retired)

    def _forget_warm(self) -> None:
        while self._warm:
            self._warm.popleft().close()
