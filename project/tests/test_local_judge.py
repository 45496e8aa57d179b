"""The judge of an application, and who may use it."""

import pytest

from project.grading.local_judge import judge_of
from project.judging.problems import Problem, legacy_case
from project.judging.verdicts import Verdict

PROBLEM = Problem(language="python", cases=(legacy_case("print(add(2, 3))", "5"),))
GOOD = "def add(a, b):\n    return a + b\n"


def test_an_answer_is_judged_in_a_slot(shared_app):
    judge = judge_of(shared_app)
    with judge.wait_for_slot() as slot:
        assert judge.judge(PROBLEM, GOOD, slot).verdict is Verdict.ACCEPTED


def test_nothing_is_judged_in_a_slot_that_was_released(shared_app):
    judge = judge_of(shared_app)
    with judge.wait_for_slot() as slot:
        pass
    with pytest.raises(RuntimeError, match="slot"):
        judge.judge(PROBLEM, GOOD, slot)


def test_applications_have_their_own_judges(make_app):
    first, second = make_app(GRADING_SLOTS=1), make_app(GRADING_SLOTS=1)
    with judge_of(first).wait_for_slot():
        assert judge_of(first).claim_slot() is None
        with judge_of(second).claim_slot() as slot:
            assert slot.is_held


def test_a_closed_judge_starts_again(make_app):
    judge = judge_of(make_app(GRADING_SLOTS=1))
    judge.close()
    assert judge.status().is_available
    judge.close()
