"""The reference solution and the starter of an exercise are tried in the real sandbox before it is stored."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event

from project import db
from project.grading.local_judge import judge_of
from project.tests.exercises.conftest import BODY, CALL, STDIN, STDOUT, UNITTEST, WITH_CASES, outcome, send
from project.tests.servers import DEADLINE_SECONDS

REFUSED = (400, "fail", "Sorry. The reference solution must be accepted, and the starter must not.")
GOOD = "def add(a, b):\n    return a + b\n"
EMPTY = "def add(a, b):\n    pass\n"
ALWAYS_FIVE = "def add(a, b):\n    return 5\n"
PROGRAM = "print(sum(map(int, input().split())))\n"
TEST_MODULE = """
import unittest
from adder import add

class AddTest(unittest.TestCase):
    def test_sum(self):
        self.assertEqual(add(20, 22), 42)
"""
EXERCISES = {
    "the pair": (BODY, GOOD),
    "stdout": (WITH_CASES | {"cases": [STDOUT]}, GOOD),
    "stdin": (WITH_CASES | {"cases": [STDIN]}, PROGRAM),
    "call": (WITH_CASES | {"cases": [CALL]}, GOOD),
    "unittest": (WITH_CASES | {"cases": [UNITTEST | {"code": TEST_MODULE, "module": "adder"}]}, GOOD),
    "several": (
        WITH_CASES | {"cases": [CALL, STDOUT, CALL | {"name": "more", "arguments": [1, 1], "expected": 2}]},
        GOOD,
    ),
}
JAVASCRIPT = (
    WITH_CASES | {"language": "javascript", "cases": [CALL]},
    "function add(a, b) { return a + b; }",
)


@pytest.fixture
def save(client, admin, add_exercise):
    """Send an exercise to POST and to PUT of another one; return both answers."""
    there = add_exercise()["id"]
    return lambda body: [
        send(client, "POST", "/exercises", body, admin),
        send(client, "PUT", f"/exercises/{there}", body, admin),
    ]


@pytest.mark.parametrize(("body", "reference"), [*EXERCISES.values(), JAVASCRIPT], ids=[*EXERCISES, "javascript"])
def test_an_exercise_whose_solutions_pass_is_stored(save, rows, body, reference):
    for answer in save(body | {"reference_solution": reference, "starter": ""}):
        assert answer.status_code in (200, 201), answer.json
        data = answer.json["data"]
        assert (data["reference_solution"], data["starter"]) == (reference, "")
        (stored,) = rows("SELECT reference_solution FROM exercises WHERE id = :id", id=data["id"])
        assert stored["reference_solution"] == reference


@pytest.mark.parametrize(("body", "reference"), EXERCISES.values(), ids=EXERCISES)
def test_a_reference_solution_that_fails_is_refused(save, exercise_rows, body, reference):
    before = exercise_rows()
    first = body.get("cases", [{"name": "test"}])[0]["name"]
    for wrong in (reference.replace("+", "-").replace("sum", "max"), "raise OSError('boom')", "def broken("):
        for answer in save(body | {"reference_solution": wrong}):
            assert outcome(answer) == REFUSED
            assert list(answer.json["errors"]) == ["reference_solution"]
            assert f'case "{first}"' in answer.json["errors"]["reference_solution"][0]
    assert exercise_rows() == before


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        (ALWAYS_FIVE, ('"second"', "wrong_answer", "got '5'")),
        (EMPTY, ('"first"', "wrong_answer")),
        ("raise OSError('boom')", ('"first"', "runtime_error", "OSError: boom")),
        ("def add(", ('"first"', "syntax_error", "SyntaxError")),
        ("while True: pass", ('"first"', "time_limit")),
    ],
)
def test_the_reason_names_the_first_case_that_fails(save, reference, words):
    cases = [STDOUT | {"name": "first"}, STDOUT | {"name": "second", "code": "print(add(20, 22))", "expected": "42"}]
    body = WITH_CASES | {"cases": cases, "limits": {"cpu_ms": 200}, "reference_solution": reference}
    for answer in save(body):
        (sentence,) = answer.json["errors"]["reference_solution"]
        assert all(word in sentence for word in words), sentence


def test_the_reason_names_the_first_test_of_a_module_that_fails(save):
    case = UNITTEST | {"code": TEST_MODULE, "module": "adder"}
    for answer in save(WITH_CASES | {"cases": [case], "reference_solution": ALWAYS_FIVE}):
        (sentence,) = answer.json["errors"]["reference_solution"]
        assert "test_sum" in sentence
        assert "5 != 42" in sentence


def test_a_starter_that_is_accepted_is_refused(save, exercise_rows):
    before = exercise_rows()
    for body, reference in EXERCISES.values():
        for answer in save(body | {"starter": reference}):
            assert outcome(answer) == REFUSED
            assert list(answer.json["errors"]) == ["starter"]
    assert exercise_rows() == before


def test_both_are_named_when_both_are_wrong(save):
    for answer in save(BODY | {"starter": GOOD, "reference_solution": EMPTY}):
        assert set(answer.json["errors"]) == {"starter", "reference_solution"}


def test_learners_see_the_starter_and_not_the_reference_solution(client, learner, add_exercise):
    exercise_id = add_exercise(starter=EMPTY, reference_solution=GOOD)["id"]
    answer = client.get(f"/exercises/{exercise_id}", headers=learner.headers)
    assert answer.json["data"]["starter"] == EMPTY
    assert b"return a + b" not in answer.data


@pytest.fixture
def connections(app):
    """Count how often a connection was lent and returned."""
    counts = Counter()

    def count(happening):
        return lambda *_: counts.update([happening])

    with app.app_context():
        engine = db.engine
    listeners = {happening: count(happening) for happening in ("checkout", "checkin")}
    for happening, listener in listeners.items():
        event.listen(engine, happening, listener)
    yield counts
    for happening, listener in listeners.items():
        event.remove(engine, happening, listener)


def test_no_connection_is_held_while_solutions_are_judged(app, client, admin, connections, all_slots, monkeypatch):
    """With all slots taken the request waits; by then it must have given back its connection."""
    waits = threading.Event()
    judge = judge_of(app)
    wait_for_slot = judge.wait_for_slot
    monkeypatch.setattr(judge, "wait_for_slot", lambda: (waits.set(), wait_for_slot())[1])
    body = BODY | {"reference_solution": GOOD}
    connections.clear()
    with ThreadPoolExecutor(1) as thread:
        sent = thread.submit(send, client, "POST", "/exercises", body, admin)
        assert waits.wait(DEADLINE_SECONDS)
        assert connections["checkout"] == connections["checkin"]
        assert not sent.done()
        all_slots.close()
        assert sent.result(DEADLINE_SECONDS).status_code == 201


def test_without_a_sandbox_only_exercises_without_solutions_are_accepted(app_without_sandbox, admin, exercise_rows):
    client = app_without_sandbox.test_client()
    before = exercise_rows()
    for field in ("reference_solution", "starter"):
        answer = send(client, "POST", "/exercises", BODY | {field: GOOD}, admin)
        assert (answer.status_code, answer.json["status"]) == (503, "error")
        assert answer.headers["Retry-After"]
    assert exercise_rows() == before
    assert send(client, "POST", "/exercises", BODY, admin).status_code == 201
