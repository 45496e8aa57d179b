"""Wrong answers whose containers change while a test reads them. None passes."""

import pytest

from project.tests.sandbox.bridge_pair import judge
from project.tests.sandbox.forgeries import compared, groups, honest_source, method_name, module, source, walked

FORGERIES = groups(compared.FORGERIES) | groups(walked.FORGERIES)
TWINS = [(twin, groups(kind.FORGERIES)[forger]) for kind in (compared, walked) for forger, twin in kind.TWINS.items()]


@pytest.mark.parametrize("answer", FORGERIES)
def test_an_answer_that_changes_containers_during_a_comparison_does_not_pass(answer):
    bodies = FORGERIES[answer]
    outcome = judge(source(answer), module(bodies))
    assert set(outcome.outcomes) == set(map(method_name, bodies))
    assert set(outcome.outcomes.values()) <= {"failed", "error"}, outcome.results


@pytest.mark.parametrize(("answer", "bodies"), TWINS)
def test_a_correct_answer_passes_the_same_tests(answer, bodies):
    outcome = judge(honest_source(answer), module(bodies))
    assert len(outcome.results) == len(bodies)
    assert outcome.passed, outcome.results
