"""Sandboxes for whoever asks: the best isolation that the host offers, kept warm, checked, and renewed."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from project.sandbox import canaries
from project.sandbox.errors import SandboxError, SandboxUnavailable
from project.sandbox.limits import Limits
from project.sandbox.run import Run
from project.sandbox.supply import Supply
from project.sandbox.zygote import Zygote

log = logging.getLogger(__name__)

HIGHEST, LOWEST = 3, 1
CHECK_SECONDS = 600.0
RETRY_SECONDS = 30.0  # after a failed start or check


class Sandboxes:
    """Runs at the highest isolation level that holds; none at all below `minimum`. Any thread may use it.

    The level is found once, by trying: from the highest down, the first whose zygote starts and whose canaries are
    held. From then on it stays; if a check fails later, there are no runs until one succeeds at that level again.
    `on_level` is called with the level in force whenever it is found, and with 0 when there are no runs.
    """

    def __init__(
        self,
        *,
        minimum: int = 2,
        maximum: int = HIGHEST,
        warm: int = 4,
        on_level: Callable[[int], None] = lambda _: None,
    ) -> None:
        self.level = 0
        self.learners = Supply(warm)
        self.testers = Supply(0)  # its zygote starts with the first test module
        self._minimum, self._maximum = max(LOWEST, minimum), maximum
        self._lock = threading.RLock()
        self._trouble = "not started"
        self._next_check = 0.0
        self._upkeep = threading.Lock()
        self._on_level = on_level

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
        if self.learners.zygote is not None and not self._trouble:
            self._beside(self._check)
            return
        with self._lock:
            if time.monotonic() >= self._next_check:
                self._begin()
        self._refuse_in_trouble()

    def run(self, limits: Limits) -> AbstractContextManager[Run]:
        """Give a fresh sandbox for a learner's program, for one use, and clear it away afterwards.

        Raises:
            SandboxUnavailable: there are none on this host at the moment.
            SandboxError: this one could not be made. The next one will come from another zygote.

        """
        return self._run(self.learners, limits)

    def run_tester(self, limits: Limits) -> AbstractContextManager[Run]:
        """Give one for a test module, as `run` does: from a zygote that makes none for learners."""
        return self._run(self.testers, limits)

    @contextmanager
    def _run(self, supply: Supply, limits: Limits) -> Iterator[Run]:
        self.start()
        if supply.is_worn:
            self._beside(supply.renew)
        zygote, run = supply.take(limits)
        try:
            yield run
        except SandboxError:
            zygote.is_broken = True
            raise
        finally:
            run.close()
            supply.release(zygote)

    def close(self) -> None:
        """End everything."""
        with self._lock:
            self.learners.close()
            self.testers.close()
            self._trouble, self._next_check = "closed", 0.0

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
            self.learners.open(level, zygote)
            self.testers.open(level)
            self._trouble, self._next_check = "", time.monotonic() + CHECK_SECONDS
            self._on_level(level)
            log.info("sandboxes at level %s", level)
            if reasons:
                log.warning("not at a higher level: %s", "; ".join(reasons))
            return
        self._trouble = "; ".join(reasons) or f"there is no level {self._minimum}"
        self._on_level(0)
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
                self.learners.forget_warm()
            self._on_level(0)
        finally:
            self._upkeep.release()

    def _check(self) -> None:
        if self.learners.zygote is not None:
            canaries.check(self.learners.zygote.start_run)
        self._next_check = time.monotonic() + CHECK_SECONDS
