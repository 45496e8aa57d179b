"""Sandboxes that all tests of a process share: starting some takes longer than most of these tests."""

import atexit
import math
from functools import cache

import pytest

from project.sandbox import pool
from project.sandbox.errors import SandboxUnavailable
from project.sandbox.pool import HIGHEST, LOWEST, Sandboxes


def shared_sandboxes(level=None, *, warm=4):
    """Return the sandboxes of a level, or of the highest one of this host; skip if the host does not offer it.

    Tests may kill their processes, and may close them: the next call starts them again.
    """
    reasons = []
    for maximum in [level] if level else range(HIGHEST, LOWEST - 1, -1):
        try:
            return _started(maximum, warm)
        except SandboxUnavailable as error:
            reasons.append(str(error))
    pytest.skip("; ".join(reasons))


def _started(level, warm):
    sandboxes = _made(level, warm)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool, "CHECK_SECONDS", math.inf)  # the processes of checks would disturb tests
        sandboxes.start()
    if not sandboxes.learners.zygote.is_sound():
        sandboxes.learners.renew()
    return sandboxes


@cache
def _made(level, warm):
    made = Sandboxes(minimum=level, maximum=level, warm=warm)
    atexit.register(made.close)
    return made
