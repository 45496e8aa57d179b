"""The attacks: none succeeds, and none affects a correct answer that is judged at the same time."""

import pytest

from project.judging.native_languages import NATIVE_LANGUAGES
from project.tests.sandbox.native.programs import ATTACKS

pytestmark = pytest.mark.long


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_a_native_attack_fails_and_does_not_affect_other_answers(native_harness, attack):
    if missing := NATIVE_LANGUAGES[attack.language].missing_tool():
        pytest.skip(f"{missing} is not installed")
    native_harness.run(attack)
