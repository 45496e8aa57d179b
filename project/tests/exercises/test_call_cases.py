"""Cases that expect exceptions, call methods or have forms: kept, shown, imported, and refused where they are wrong."""

import pytest

from project.tests.exercises.conftest import CALL, WITH_CASES
from project.tests.exercises.folders import own

CANNOT_BE_JUDGED = "Sorry. That exercise cannot be judged."
BARE = {key: value for key, value in CALL.items() if key != "expected"}
RAISING = BARE | {"raises": {"type": "ValueError", "message": "too small"}}
CLASS = BARE | {
    "function": "Stack",
    "calls": [
        {"method": "push", "arguments": [{"$set": [1]}], "keywords": {}},
        {"method": "pop", "arguments": [], "keywords": {}, "expected": None},
        {"method": "pop", "arguments": [], "keywords": {}, "raises": {"type": "IndexError"}},
    ],
}
FORMS = CALL | {"arguments": [{"$tuple": [1, {"$dict": [[{"$tuple": []}, 1]]}]}, {"$x": 1}], "expected": {"$set": [1]}}


@pytest.mark.parametrize("case", [RAISING, CLASS, FORMS], ids=["raises", "calls", "forms"])
def test_they_are_kept_as_they_are_and_can_be_sent_back(client, admin, learner, add_exercise, case):
    added = add_exercise(WITH_CASES, cases=[case])
    assert added["cases"][0].items() >= case.items()
    answer = client.put(f"/exercises/{added['id']}", json=added, headers=admin.headers)
    assert (answer.status_code, answer.json["data"]["cases"]) == (200, added["cases"])
    (shown,) = client.get(f"/exercises/{added['id']}", headers=learner.headers).json["data"]["cases"]
    assert shown == {key: value for key, value in added["cases"][0].items() if key not in ("checker", "tolerance")}


@pytest.mark.parametrize("case", [RAISING, CLASS], ids=["raises", "calls"])
def test_of_a_hidden_one_learners_see_neither_call_nor_expectation(client, learner, add_exercise, case):
    exercise_id = add_exercise(WITH_CASES, cases=[case | {"hidden": True}])["id"]
    (shown,) = client.get(f"/exercises/{exercise_id}", headers=learner.headers).json["data"]["cases"]
    assert shown.keys() == {"name", "kind", "points", "hidden"}


WRONG = {
    "both": (RAISING | {"expected": 5}, "cases.0.expected"),
    "an exception without a type": (BARE | {"raises": {}}, "cases.0.raises.type"),
    "no exception": (BARE | {"raises": None}, "cases.0.raises"),
    "an exception that ends the run": (BARE | {"raises": {"type": "SystemExit"}}, "cases.0.raises"),
    "an unknown key of an exception": (BARE | {"raises": {"type": "E", "mesage": ""}}, "cases.0.raises.mesage"),
    "no calls": (CLASS | {"calls": []}, "cases.0.calls"),
    "too many calls": (CLASS | {"calls": [{"method": "m"}] * 51}, "cases.0.calls"),
    "a call of nothing": (CLASS | {"calls": [{}]}, "cases.0.calls.0.method"),
    "a call that expects both": (
        CLASS | {"calls": [{"method": "m", "expected": 1, "raises": {"type": "E"}}]},
        "cases.0.calls.0",
    ),
    "a form that holds something else": (CALL | {"expected": {"$set": {"a": 1}}}, "cases.0.expected"),
    "a pair of one": (CALL | {"arguments": [{"$dict": [[1]]}]}, "cases.0.arguments.0"),
    "an unknown float": (CALL | {"keywords": {"k": {"$float": "5"}}}, "cases.0.keywords.k"),
}


@pytest.mark.parametrize(("case", "field"), WRONG.values(), ids=WRONG)
def test_errors_name_the_field(refused, case, field):
    refused(WITH_CASES | {"cases": [case]}, field)


IMPOSSIBLE = {
    "a set of lists": ("python", CALL | {"expected": {"$set": [[1]]}}, "expected"),
    "a key that is a list": ("python", CALL | {"arguments": [{"$dict": [[[1], 2]]}]}, "arguments"),
    "a map in Python": ("python", CALL | {"expected": [{"$map": []}]}, "expected"),
    "a tuple in JavaScript": ("javascript", CALL | {"expected": {"$tuple": []}}, "expected"),
    "a dataclass in JavaScript": (
        "javascript",
        CALL | {"arguments": [{"$dataclass": {"name": "P", "fields": {}}}]},
        "arguments",
    ),
    "a form in a call": (
        "javascript",
        BARE | {"calls": [{"method": "m", "expected": {"$tuple": []}}]},
        "calls.0.expected",
    ),
    "keywords in JavaScript": ("javascript", CALL | {"keywords": {"a": 1}}, "keywords"),
    "no pattern": ("python", CALL | {"checker": "regex", "expected": "("}, "expected"),
    "a pattern that backtracks": ("python", CALL | {"checker": "regex", "expected": r"(a)\1"}, "expected"),
    "a value in place of a pattern": ("python", CALL | {"checker": "regex", "expected": 5}, "expected"),
    "no pattern of a message": (
        "python",
        BARE | {"checker": "regex", "raises": {"type": "E", "message": "("}},
        "raises.message",
    ),
    "a large value of a call": ("python", BARE | {"calls": [{"method": "m", "expected": "x" * 65_535}]}, "expected"),
}


@pytest.mark.parametrize(("language", "case", "field"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_values_that_the_language_lacks_are_named(refused, language, case, field):
    refused(WITH_CASES | {"language": language, "cases": [case]}, f"cases.0.{field}", message=CANNOT_BE_JUDGED)


def test_an_author_is_warned_of_a_form_that_is_misspelt(client, admin):
    case = CALL | {"arguments": [{"$sets": [1]}, {"$gt": 1}]}
    (sentence,) = client.post("/exercises", json=WITH_CASES | {"cases": [case]}, headers=admin.headers).json["warnings"]
    assert "$sets is taken as it is. Did you mean $set?" in sentence


TABLE = """
[[cases]]
name = "raises"
kind = "call"
function = "pop"
raises = { type = "IndexError", message = "empty" }

[[cases]]
name = "class"
kind = "call"
function = "Stack"
arguments = [{ "$set" = [1] }]

[[cases.calls]]
method = "push"
arguments = [5]
expected_json = "null"

[[cases.calls]]
method = "pop"
expected = 5
"""
REFERENCE = """
class Stack:
    def __init__(self, items): self.items = list(items)
    def push(self, item): self.items.append(item)
    def pop(self): return self.items.pop()

def pop(): raise IndexError("empty")
"""


def test_they_are_imported_from_folders(tmp_path, run, stored):
    folder = own(tmp_path / "stack", exercise__toml=TABLE, reference__py=REFERENCE, starter__py="x = 1\n")
    assert run(folder)[:2] == (0, (1, 0, 0, 0))
    first, second = stored()["stack"]["cases"]
    assert first["raises"] == {"type": "IndexError", "message": "empty"}
    assert [call.get("expected", "absent") for call in second["calls"]] == [None, 5]
    assert run(folder)[1] == (0, 0, 1, 0)
