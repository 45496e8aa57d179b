"""The attacks at level 3. One file for each level, so that they run at the same time."""

import pytest

from project.tests.sandbox.programs import PROGRAMS

pytestmark = pytest.mark.long

LEVEL = 3


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_an_attack_fails_and_does_not_affect_other_answers(harness, program):
    harness.run(program)
