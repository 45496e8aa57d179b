"""Sandboxes for the tests: none of them needs the application or its database."""

import pytest

from project.judging.judge import Judge
from project.sandbox.errors import SandboxUnavailable
from project.sandbox.pool import Sandboxes
from project.tests.sandbox.arena import Arena


@pytest.fixture(scope="module")
def arena(request):
    """Give an arena at the level that the module is about, where the host offers it."""
    try:
        made = Arena(request.module.LEVEL)
    except SandboxUnavailable as error:
        pytest.skip(str(error))
    yield made
    made.close()


@pytest.fixture
def make_sandboxes():
    """Make sandboxes that are closed after the test; skip what the host does not offer."""
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
def judge(make_sandboxes):
    """Give a judge at the best level of this host."""
    return Judge(make_sandboxes())
