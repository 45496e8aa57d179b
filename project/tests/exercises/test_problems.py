"""From stored exercises to problems, and the warnings for authors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from project.api.exercises.problems import limits_to_store, problem
from project.judging.problems import Checker, Kind
from project.sandbox.limits import Limits
from project.tests.exercises.conftest import BODY, CALL, CASES, STDIN, STDOUT, UNITTEST, WITH_CASES

GIVEN_LIMITS = st.dictionaries(
    st.sampled_from(["cpu_ms", "wall_ms", "memory_bytes", "output_bytes"]), st.sampled_from([2000, 6000, 2**28, 777])
)


def test_a_version_with_cases_is_the_problem_that_was_sent(add_exercise, stored_versions):
    cases = [case | {"points": 2, "hidden": True} for case in CASES]
    added = add_exercise(WITH_CASES, cases=cases, limits={"cpu_ms": 500}, shared_sandbox=True)
    task = problem(stored_versions(added["id"])[0])
    assert (task.language, task.shared_sandbox, task.max_points) == ("python", True, 8)
    assert task.limits == Limits(cpu_ms=500, wall_ms=1500)
    assert [case.kind for case in task.cases] == [Kind.STDOUT, Kind.STDIN, Kind.CALL, Kind.UNITTEST]
    for case, sent in zip(task.cases, cases, strict=True):
        assert {name: getattr(case, name) for name in sent} == sent
        assert (case.checker, case.legacy) == (Checker.TRIMMED, False)


def test_a_version_without_cases_is_its_pair_of_test_and_solution(add_exercise, stored_versions, rows):
    added = add_exercise()
    for row in (*stored_versions(added["id"]), *rows("SELECT * FROM exercises WHERE id = :id", id=added["id"])):
        (case,) = problem(row).cases
        assert (case.kind, case.code, case.expected, case.legacy) == (Kind.STDOUT, "print(add(2, 3))", "5", True)


@given(given_limits=GIVEN_LIMITS)
def test_stored_limits_are_equivalent_to_the_given_ones(given_limits):
    stored = limits_to_store(given_limits)
    assert Limits.from_json(stored) == Limits.from_json(given_limits)
    assert limits_to_store(stored) == stored
    assert all(
        Limits.from_json({key: value for key, value in stored.items() if key != name}) != Limits.from_json(stored)
        for name in stored
    )


HIDDEN = CALL | {"name": "hidden", "hidden": True}
WARNED = {
    "a string in the code": (STDOUT | {"code": "if add(2, 3) == 5: print('fine')", "expected": "fine"}, "stands in"),
    "in other quotes": (
        STDOUT | {"code": 'print("fine" if add(2, 3) == 5 else "")', "expected": "fine\n"},
        "stands in",
    ),
    "each line": (STDOUT | {"code": "print('a')\nprint('b')", "expected": "a\nb"}, "stands in"),
    "a number that is printed": (STDOUT | {"code": "add(2, 3)\nprint(5)", "expected": "5"}, "stands in"),
    "nothing": (STDOUT | {"code": "assert add(2, 3) == 5", "expected": "\n"}, "nothing is expected"),
    "nothing to print for an input": (STDIN | {"expected": " "}, "nothing is expected"),
    "a tolerance that 0 keeps to": (
        STDIN | {"checker": "tolerance", "absolute_tolerance": 5},
        "0 in place of every number is accepted",
    ),
    "a relative tolerance of everything": (
        CALL | {"checker": "tolerance", "relative_tolerance": 1},
        "relative tolerance is 1 or more",
    ),
    "a guess": (STDOUT | {"code": "print(add(2, 3) == 5)", "expected": "True"}, "can be guessed"),
}


def warnings_of(client, admin, **fields):
    answers = [client.post("/exercises", json=WITH_CASES | fields, headers=admin.headers)]
    exercise_id = answers[0].json["data"]["id"]
    answers.append(client.put(f"/exercises/{exercise_id}", json=WITH_CASES | fields, headers=admin.headers))
    assert answers[0].json["warnings"] == answers[1].json["warnings"]
    return answers[0].json["warnings"]


@pytest.mark.parametrize(("case", "words"), WARNED.values(), ids=WARNED)
def test_an_author_is_warned_of_an_answer_that_stands_in_the_test(client, admin, case, words):
    (sentence,) = warnings_of(client, admin, cases=[case, HIDDEN])
    assert f'Case "{case["name"]}"' in sentence
    assert words in sentence


def test_an_author_is_warned_of_a_legacy_test_too(client, admin):
    (sentence,) = warnings_of(client, admin, **BODY | {"test_code": "print('5')"}, cases=[])
    assert "stands in" in sentence


@pytest.mark.parametrize(
    "fields",
    [
        {"cases": [HIDDEN, *CASES]},
        {"cases": [STDOUT]},
        {"cases": [CALL]},
        {"cases": [UNITTEST]},
        {"cases": [HIDDEN, STDOUT | {"code": "print(add(5, 5))", "expected": "10"}]},
        {"cases": [HIDDEN, STDOUT | {"code": "print('a', add(2, 3))", "expected": "a 5"}]},
        {"cases": [], **BODY},
    ],
)
def test_a_good_exercise_brings_no_warning(client, admin, fields):
    assert warnings_of(client, admin, **fields) == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"cases": [CALL, STDIN]}, "No case is hidden"),
        ({"cases": [CALL | {"points": 0}]}, "No case has points"),
        ({"cases": [CALL], "test_code": "print(1)"}, "test_code is not judged"),
    ],
)
def test_an_author_is_warned_of_probable_mistakes(client, admin, fields, words):
    (sentence,) = warnings_of(client, admin, **fields)
    assert words in sentence
