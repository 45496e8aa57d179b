"""Sources that attack the compiler, or the host through it."""

from dataclasses import replace

import pytest

from project.judging import compiling
from project.sandbox.limits import MIB
from project.tests.sandbox.native.programs import COMPILE_ATTACKS


@pytest.fixture(autouse=True)
def small_limits(monkeypatch):
    """Let the bombs end soon, and not use the memory that other tests need."""
    limits = replace(compiling.LIMITS, cpu_ms=3000, wall_ms=9000, memory_bytes=256 * MIB)
    monkeypatch.setattr(compiling, "LIMITS", limits)


@pytest.mark.parametrize("attack", COMPILE_ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_on_the_compiler_fails_and_does_not_affect_other_answers(native_harness, attack):
    native_harness.run(attack)
