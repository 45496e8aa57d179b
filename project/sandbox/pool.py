"""Sandboxes at the highest isolation level that the host offers: kept warm, checked regularly, and renewed."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial

from project.sandbox import canaries
from project.sandbox.errors import SandboxError, SandboxUnavailable
from project.sandbox.limits import Limits
from project.sandbox.native import HOST_TOOLS, NativeZygote
from project.sandbox.process import SandboxedProcess
from project.sandbox.tools import Tools
from project.sandbox.warm_pool import WarmPool
from project.sandbox.zygote import Zygote

log = logging.getLogger(__name__)

HIGHEST, LOWEST = 3, 1
NATIVE_LEVEL = 3  # below it, a native program would have the service's user and see its processes
CHECK_SECONDS = 600.0
RETRY_SECONDS = 30.0  # after a failed start or check


class Sandboxes:
    """Sandboxed processes at the highest isolation level of the host, but none below `minimum`. Thread-safe.

    The level is determined once, from the highest down: the first one whose zygote starts and whose canaries fail to
    escape. Then it is fixed: when a later check fails, there are no sandboxes until one succeeds at that level again.
    `tools` are those of native programs. `on_level` is called with the level whenever it is determined, and with 0 when
    there are no sandboxes.
    """

    def __init__(
        self,
        *,
        minimum: int = 2,
        maximum: int = HIGHEST,
        warm: int = 4,
        tools: Tools = HOST_TOOLS,
        on_level: Callable[[int], None] = lambda _: None,
    ) -> None:
        self.level = 0
        self.tools = tools  # of native programs
        self.native_minimum = NATIVE_LEVEL  # the lowest level of native programs
        self.learners = WarmPool(warm)
        # Their zygotes start when they are first needed.
        self.testers = WarmPool(0)
        self.native_programs = WarmPool(warm, partial(NativeZygote, tools=tools))
        self._minimum, self._maximum = max(LOWEST, minimum), maximum
        self._lock = threading.RLock()
        self._trouble = "not started"
        self._next_check = 0.0
        self._maintenance = threading.Lock()
        self._on_level = on_level

    @property
    def trouble(self) -> str:
        """Why there are no sandboxes; empty when there are."""
        return self._trouble

    def start(self) -> None:
        """Start the sandboxes, or check them again when the last check is too long ago.

        Raises:
            SandboxUnavailable: this host offers no level from `minimum` on; the message says why.

        """
        if time.monotonic() < self._next_check:
            self._raise_if_unavailable()
            return
        if self.learners.zygote is not None and not self._trouble:
            self._in_background(self._check)
            return
        with self._lock:
            if time.monotonic() >= self._next_check:
                self._determine_level()
        self._raise_if_unavailable()

    def learner_process(self, limits: Limits) -> AbstractContextManager[SandboxedProcess]:
        """Provide a fresh process for a learner's program, and close it afterwards.

        Raises:
            SandboxUnavailable: there are no sandboxes on this host at the moment.
            SandboxError: this process could not be started. The next one will come from another zygote.

        """
        return self._process(self.learners, limits)

    def tester_process(self, limits: Limits) -> AbstractContextManager[SandboxedProcess]:
        """Provide a process for a test module, from a zygote that starts none for learners; see `learner_process`."""
        return self._process(self.testers, limits)

    def native_process(self, limits: Limits) -> AbstractContextManager[SandboxedProcess]:
        """Provide a process that compiles a native program, or executes one; see `learner_process`."""
        return self._process(self.native_programs, limits)

    @contextmanager
    def _process(self, pool: WarmPool, limits: Limits) -> Iterator[SandboxedProcess]:
        self.start()
        if pool.needs_renewal:
            self._in_background(pool.renew)
        zygote, process = pool.acquire(limits)
        try:
            yield process
        except SandboxError:
            zygote.is_broken = True
            raise
        finally:
            process.close()
            pool.release(zygote)

    def close(self) -> None:
        """End all processes."""
        with self._lock:
            self.learners.close()
            self.testers.close()
            self.native_programs.close()
            self._trouble, self._next_check = "closed", 0.0

    def _determine_level(self) -> None:
        """Determine the level, or check whether the sandboxes work again at the one that was determined before."""
        reasons = []
        for level in [self.level] if self.level else range(self._maximum, self._minimum - 1, -1):
            try:
                zygote = Zygote(level)
            except (SandboxError, OSError) as error:
                reasons.append(str(error))
                continue
            try:
                canaries.check(zygote.start_process)
            except (SandboxError, OSError) as error:
                zygote.close()
                reasons.append(f"level {level}: {error}")
                continue
            self.level = level
            self.learners.open(level, zygote)
            self.testers.open(level)
            if level >= self.native_minimum:
                self.native_programs.open(level)
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

    def _raise_if_unavailable(self) -> None:
        if self._trouble:
            raise SandboxUnavailable(self._trouble)

    def _in_background(self, task: Callable[[], None]) -> None:
        """Run a maintenance task in a thread, unless one is running already."""
        if self._maintenance.acquire(blocking=False):
            threading.Thread(target=self._maintain, args=(task,), daemon=True).start()

    def _maintain(self, task: Callable[[], None]) -> None:
        try:
            task()
        except (SandboxError, OSError) as error:
            log.error("there are no sandboxes any more: %s", error)  # noqa: TRY400 - its traceback says no more
            with self._lock:
                self._trouble, self._next_check = str(error), time.monotonic() + RETRY_SECONDS
                self.learners.close_warm()
            self._on_level(0)
        finally:
            self._maintenance.release()

    def _check(self) -> None:
        if self.learners.zygote is not None:
            canaries.check(self.learners.zygote.start_process)
        self._next_check = time.monotonic() + CHECK_SECONDS
