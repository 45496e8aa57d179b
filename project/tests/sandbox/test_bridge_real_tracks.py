"""Features that tests of real tracks need: functions as tests, long lists, identical texts."""

import pytest

from project.tests.sandbox.bridge_pair import judge

FUNCTIONS = """
    import pytest
    from answer_module import double

    LIMITS = (0, 3)

    def test_double():
        assert double(LIMITS[1]) == 6

    @pytest.mark.task(taskno=2)
    def test_texts():
        with pytest.raises(TypeError):
            double(None)

    def is_no_test():
        assert False
"""


def test_functions_are_tests_as_pytest_has_them():
    outcome = judge("double = lambda x: 2 * x", FUNCTIONS)
    assert outcome.outcomes == {"test_double": "passed", "test_texts": "passed"}


@pytest.mark.parametrize("answer", ["def double(x): pass", "double = lambda x: x if x == 3 else x * 2"])
def test_functions_fail_as_tests_do(answer):
    outcome = judge(answer, FUNCTIONS)
    assert not outcome.passed
    assert all(result["message"] for result in outcome.results if result["outcome"] != "passed")


def test_functions_count_beside_test_cases():
    tests = """
        import unittest
        from answer_module import double
        class DoubleTest(unittest.TestCase):
            def test_one(self): self.assertEqual(double(1), 2)
        def test_two(): assert double(2) == 4
    """
    assert judge("double = lambda x: 2 if x == 1 else 5", tests).outcomes == {
        "test_one": "passed",
        "test_two": "failed",
    }


def test_a_function_with_an_unknown_fixture_is_an_error():
    tests = """
        from answer_module import double
        def test_one(): assert double(1) == 2
        def test_with_fixture(tmp_path): assert double(1) == 2
    """
    outcome = judge("double = lambda x: 2 * x", tests)
    assert outcome.outcomes == {"test_one": "passed", "test_with_fixture": "error"}


def test_tests_in_an_answer_are_not_collected():
    tests = """
        import unittest
        from answer_module import *
        class DoubleTest(unittest.TestCase):
            def test_one(self): self.assertEqual(double(1), 2)
    """
    answer = "def double(x): return None\ndef test_mine(): pass\nclass TestMine: pass"
    assert judge(answer, tests).outcomes == {"test_one": "failed"}


def test_a_list_of_many_numbers_is_sent_in_both_directions():
    tests = """
        import unittest
        from answer_module import shifted
        class LongTest(unittest.TestCase):
            def test_long(self):
                numbers = list(range(1000)) * 400
                expected = [number - 500 for number in numbers]
                self.assertEqual(shifted(numbers), expected)
                self.assertEqual(numbers[:2], [7, 1])
            def test_large(self):
                self.assertEqual(shifted([2**80] * 200), [2**80 - 500] * 200)
    """
    answer = """
        def shifted(numbers):
            result = [number - 500 for number in numbers]
            numbers[0] = 7
            return result
    """
    assert judge(answer, tests).passed
    assert not judge(answer.replace("500", "501"), tests).passed


def test_a_text_that_is_returned_is_the_same_object():
    tests = """
        import unittest
        from answer_module import last
        class LastTest(unittest.TestCase):
            def test_last(self):
                self.assertIs(last(["Steve", "Wanda"]), "Wanda")
                self.assertIs(last([False, True]), True)
    """
    assert judge("last = list.pop", tests).passed
    assert not judge("last = lambda items: items[0]", tests).passed


def test_the_class_of_an_object_can_be_used_without_importing_it():
    tests = """
        import unittest
        from answer_module import make
        class ClassTest(unittest.TestCase):
            def test_class(self):
                self.assertEqual(type(make(1)).count, 7)
                self.assertEqual(type(make(1)).of(3).number, 3)
                self.assertEqual(make(1).__class__(4).number, 4)
                self.assertFalse(hasattr(type(make(1)), "nothing"))
    """
    answer = """
        class _Hidden:
            count = 7
            def __init__(self, number): self.number = number
            @classmethod
            def of(cls, number): return cls(number)
        def make(number): return _Hidden(number)
    """
    assert judge(answer, tests).passed
    assert not judge(answer.replace("7", "8"), tests).passed
