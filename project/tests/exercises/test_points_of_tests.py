"""Points for single tests: saved, refused, and part of a submission."""

from project.tests.exercises.conftest import UNITTEST, WITH_CASES

CANNOT_BE_JUDGED = "Sorry. That exercise cannot be judged."
CODE = """
import unittest
from answer import f
class T(unittest.TestCase):
    def test_a(self): self.assertEqual(f(1), 1)
    def test_b(self): self.assertEqual(f(2), 2)
"""
CASE = UNITTEST | {"code": CODE}


def test_the_points_of_the_case_are_their_sum(add_exercise):
    added = add_exercise(WITH_CASES, cases=[CASE | {"test_points": {"T.test_a": 2, "T.test_b": 3}}])
    assert (added["max_points"], added["cases"][0]["points"]) == (5, 5)
    assert add_exercise(WITH_CASES, cases=[CASE | {"test_points": "even", "points": 9}])["max_points"] == 9


def test_another_sum_is_refused(refused):
    case = CASE | {"test_points": {"T.test_a": 2}, "points": 3}
    refused(WITH_CASES | {"cases": [case]}, "cases.0.points", message=CANNOT_BE_JUDGED)


def test_a_name_that_no_test_has_is_refused(client, admin, exercise_rows):
    before = exercise_rows()
    body = WITH_CASES | {
        "cases": [CASE | {"test_points": {"T.test_a": 2, "T.test_c": 3}}],
        "reference_solution": "def f(x): return x",
    }
    answer = client.post("/exercises", json=body, headers=admin.headers)
    assert (answer.status_code, answer.json["errors"]) == (400, {"cases.0.test_points": ["There is no test T.test_c."]})
    assert exercise_rows() == before


def test_a_trial_shows_the_points_of_a_part(client, admin):
    body = WITH_CASES | {
        "cases": [CASE | {"test_points": {"T.test_a": 2, "T.test_b": 3}}],
        "reference_solution": "def f(x): return x",
        "starter": "def f(x): return 2",
    }
    answer = client.post("/exercises/check", json=body, headers=admin.headers).json["data"]
    assert (answer["savable"], answer["starter"]["points"], answer["starter"]["max_points"]) == (True, 3, 5)
    assert answer["reference_solution"]["points"] == 5
