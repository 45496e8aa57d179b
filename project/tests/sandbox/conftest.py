"""Sandboxes for the tests, which need neither the application nor its database."""

import pytest

from project.judging.judge import Judge
from project.sandbox.errors import SandboxUnavailable
from project.sandbox.pool import Sandboxes
from project.tests.sandbox.attack_harness import AttackHarness
from project.tests.sandbox.shared_sandboxes import shared_sandboxes


@pytest.fixture(scope="module")
def harness(request):
    """Provide a harness at the LEVEL of the module; skip if the host does not offer it."""
    try:
        made = AttackHarness(request.module.LEVEL)
    except SandboxUnavailable as error:
        pytest.skip(str(error))
    yield made
    made.close()


@pytest.fixture
def make_sandboxes():
    """Make sandboxes that are closed after the test; skip if the host does not offer the level."""
    made = []

    def make(**options):
        made.append(Sandboxes(**{"minimum": 1, **options}))
        try:
            made[-1].start()
        except SandboxUnavailable as error:
            pytest.skip(str(error))
        return made[-1]

    yield make
    for sandboxes in made:
        sandboxes.close()


@pytest.fixture
def judge():
    """Provide a judge at the highest level of this host."""
    return Judge(shared_sandboxes())
