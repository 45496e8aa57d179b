"""Test collection and marks of pytest, in a tester without pytest."""

import pytest

from project.tests.sandbox.bridge_pair import judge

DOUBLE = "double = lambda x: 2 * x"

PARAMETERS = """
    import pytest
    from answer_module import double

    @pytest.mark.parametrize("number, expected", [(1, 2), (2, 4), pytest.param(-3, -6, id="below zero")])
    def test_numbers(number, expected):
        assert double(number) == expected

    @pytest.mark.parametrize("times", [1, [2]])
    @pytest.mark.parametrize(["item"], [("a",), ("",), ("a",)])
    def test_lists(item, times):
        assert double([item]) == [item, item]

    @pytest.mark.parametrize("text", ["x", "y" * 100], ids=["short", "long"])
    def test_texts(text):
        assert double(text) == text + text

    @pytest.mark.parametrize("text", ["x", 3], ids=repr)
    def test_named_by_function(text):
        assert double(text) == text + text
"""


def test_a_test_runs_once_for_each_of_its_parameters():
    outcome = judge(DOUBLE, PARAMETERS)
    assert outcome.passed
    assert sorted(outcome.by_name) == sorted(
        [
            *("test_numbers[1-2]", "test_numbers[2-4]", "test_numbers[below zero]"),
            *("test_lists[a-1]", "test_lists[item1-1]", "test_lists[a-1] (3)"),
            *("test_lists[a-times1]", "test_lists[item1-times1]", "test_lists[a-times1] (6)"),
            *("test_texts[short]", "test_texts[long]", "test_named_by_function['x']", "test_named_by_function[3]"),
        ]
    )


@pytest.mark.parametrize("answer", ["double = lambda x: -6 if x == -3 else None", "def double(x): return x"])
def test_one_wrong_parameter_is_a_failed_test(answer):
    assert not judge(answer, PARAMETERS).passed
    assert judge(answer, PARAMETERS).outcomes["test_numbers[1-2]"] == "failed"


CLASSES = """
    import pytest
    from answer_module import *

    class TestDouble:
        def setup_method(self): self.numbers = [1, 2]
        def teardown_method(self): assert self.numbers == [1, 2, 3]
        def test_one(self):
            self.numbers.append(3)
            assert double(1) == 2
        @pytest.mark.parametrize("number", [1, 5])
        def test_more(self, number):
            self.numbers.append(3)
            assert double(number) == number + number

    @pytest.mark.parametrize("number", [1, 2])
    class TestAll:
        def test_all(self, number): assert double(number) == number * 2

    @pytest.mark.skip(reason="later")
    class TestLater:
        def test_later(self): assert False

    class Helper:
        def test_nothing(self): assert False
"""


def test_the_methods_of_a_plain_class_are_tests():
    outcome = judge(DOUBLE, CLASSES)
    assert {result["name"]: result["outcome"] for result in outcome.results} == {
        "TestDouble.test_one": "passed",
        "TestDouble.test_more[1]": "passed",
        "TestDouble.test_more[5]": "passed",
        "TestAll.test_all[1]": "passed",
        "TestAll.test_all[2]": "passed",
        "TestLater.test_later": "skipped",
    }


def test_the_methods_of_a_plain_class_fail_as_tests_do():
    answer = "double = lambda x: 2 if x == 1 else None\nclass TestMine:\n    def test_mine(self): pass"
    assert judge(answer, CLASSES).outcomes == {
        "test_one": "passed",
        "test_more[1]": "passed",
        "test_more[5]": "failed",
        "test_all[1]": "passed",
        "test_all[2]": "failed",
        "test_later": "skipped",
    }


def test_marks_that_skip():
    tests = """
        import unittest, pytest
        from answer_module import double
        def test_one(): assert double(1) == 2
        @pytest.mark.skip
        def test_bare(): assert False
        @pytest.mark.skip("later")
        def test_reason(): assert False
        @pytest.mark.xfail(reason="known")
        def test_expected(): assert double(1) == 3
        @pytest.mark.xfail
        def test_expected_and_passes(): assert double(1) == 2
        @pytest.mark.xfail(False, reason="known")
        def test_not_expected(): assert double(1) == 3
        SKIPPED = [pytest.param(2, marks=pytest.mark.skip), pytest.param(3, marks=[pytest.mark.xfail])]
        @pytest.mark.parametrize("n", [1, *SKIPPED])
        def test_each(n): assert n == 1
        class Test(unittest.TestCase):
            @pytest.mark.skip
            def test_method(self): self.fail()
    """
    outcome = judge(DOUBLE, tests)
    assert outcome.outcomes == {
        "test_one": "passed",
        "test_bare": "skipped",
        "test_reason": "skipped",
        "test_expected": "skipped",
        "test_expected_and_passes": "passed",
        "test_not_expected": "failed",
        "test_each[1]": "passed",
        "test_each[2]": "skipped",
        "test_each[3]": "skipped",
        "test_method": "skipped",
    }
    assert outcome.message("test_reason") == "later"


def test_a_function_that_raises_may_be_passed_to_raises():
    tests = """
        import pytest
        from answer_module import half
        def test_raises():
            info = pytest.raises(TypeError, half, None)
            assert info.type is TypeError and "unsupported" in str(info.value)
        def test_raises_nothing():
            pytest.raises(TypeError, half, 3)
    """
    assert judge("half = lambda x: x / 2", tests).outcomes == {"test_raises": "passed", "test_raises_nothing": "failed"}
