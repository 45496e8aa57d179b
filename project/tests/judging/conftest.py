"""A judge for the tests, which needs neither the application nor its database."""

import pytest

from project.judging.judge import Judge
from project.sandbox.errors import SandboxUnavailable
from project.sandbox.pool import Sandboxes


@pytest.fixture(scope="module")
def judge():
    """Provide a judge at the highest level of this host."""
    sandboxes = Sandboxes(minimum=1)
    try:
        sandboxes.start()
    except SandboxUnavailable as error:
        pytest.skip(str(error))
    yield Judge(sandboxes)
    sandboxes.close()
