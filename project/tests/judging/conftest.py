"""A judge for the tests, which needs neither the application nor its database."""

import pytest

from project.judging.judge import Judge
from project.tests.sandbox.shared_sandboxes import shared_sandboxes


@pytest.fixture
def judge():
    """Provide a judge at the highest level of this host."""
    return Judge(shared_sandboxes())
