"""An expected output must not be larger than an output may be."""

import pytest

from project.tests.exercises.conftest import CALL, STDIN, STDOUT, WITH_CASES

CANNOT_BE_JUDGED = "Sorry. That exercise cannot be judged."


@pytest.mark.parametrize("case", [STDIN, STDOUT], ids=lambda case: case["kind"])
def test_a_text_that_is_larger_than_the_output_may_be_is_refused(refused, case):
    small = WITH_CASES | {"limits": {"output_bytes": 100}}
    for expected, more in (
        ("x" * 101, {}),
        ("x" * 101, {"checker": "exact"}),
        ("x" * 100 + "\n", {"checker": "exact"}),
        ("\u00e9" * 51, {}),
        ("x " * 60, {"checker": "tokens"}),
        ("1 " * 60, {"checker": "tolerance"}),
    ):
        body = small | {"cases": [case | {"expected": expected, **more}]}
        refused(body, "cases.0.expected", message=CANNOT_BE_JUDGED)


@pytest.mark.parametrize("case", [STDIN, STDOUT], ids=lambda case: case["kind"])
def test_a_text_that_an_answer_can_print_somehow_is_kept(add_exercise, case):
    small = WITH_CASES | {"limits": {"output_bytes": 100}}
    for expected, more in (
        ("x" * 100, {"checker": "exact"}),
        ("x" * 100 + "  \n\n", {}),
        ("x" + " " * 200 + "y", {"checker": "tokens"}),
        ("1000000 " * 50, {"checker": "tolerance"}),
    ):
        add_exercise(small, cases=[case | {"expected": expected, **more}])


def test_a_value_that_is_larger_than_a_call_may_return_is_refused(refused):
    for expected in ("x" * 65_535, [1] * 22_000, {"k": ["\u00e9" * 32_766]}):
        refused(WITH_CASES | {"cases": [CALL | {"expected": expected}]}, "cases.0.expected", message=CANNOT_BE_JUDGED)


def test_a_value_of_just_that_size_is_kept(add_exercise):
    for expected in ("x" * 65_534, [1.0] * 21_845, "\u00e9" * 32_767):
        add_exercise(WITH_CASES, cases=[CALL | {"expected": expected}])
