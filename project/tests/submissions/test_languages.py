"""Answers in one of several languages of an exercise."""

import pytest

from project.grading.language_status import LanguageStatuses
from project.tests.rejudges.conftest import call, rejudge, work
from project.tests.submissions.conftest import GOOD, WRONG

__all__ = ["call", "rejudge", "work"]

JAVASCRIPT = "function add(a, b) { return a + b; }\n"
SUM = {"name": "sum", "kind": "call", "function": "add", "arguments": [2, 3], "expected": 5}
FACTORS = {"starter": None, "cpu_factor": 1.5, "memory_factor": 1.0}
DIFFERS = (400, "fail", "Sorry. That exercise is in another language.")
GRADING_LIMITS = {"python": (2000, 6000), "javascript": (3000, 9000)}


@pytest.fixture
def exercise_id(make_exercise):
    """Add an exercise in Python and JavaScript."""
    return make_exercise(cases=[SUM], languages={"javascript": FACTORS}, reference_solutions={"javascript": JAVASCRIPT})


@pytest.fixture
def send(client, learner):
    def post(route, exercise_id, answer, **fields):
        body = {"exercise_id": exercise_id, "answer": answer} | fields
        return client.post(f"/{route}?wait=30", json=body, headers=learner.headers)

    return post


@pytest.mark.parametrize("route", ["submissions", "evaluations"])
@pytest.mark.parametrize(
    ("fields", "language"),
    [
        ({}, "python"),
        ({"language": None}, "python"),
        ({"language": "python"}, "python"),
        ({"language": "javascript"}, "javascript"),
    ],
)
def test_an_answer_is_judged_in_the_chosen_language_with_its_limits(send, exercise_id, rows, route, fields, language):
    for answer in (GOOD, JAVASCRIPT):
        data = send(route, exercise_id, answer, **fields).json["data"]
        is_right = (answer == GOOD) == (language == "python")
        assert (data["language"], data["verdict"]) == (language, "accepted" if is_right else "syntax_error")
        assert (data["limits"]["cpu_ms"], data["limits"]["wall_ms"]) == GRADING_LIMITS[language]
    stored = rows("SELECT language FROM submissions WHERE exercise_id = :id", id=exercise_id)
    assert stored == ([{"language": language}] * 2 if route == "submissions" else [])


@pytest.mark.parametrize("route", ["submissions", "evaluations"])
@pytest.mark.parametrize("language", ["c", "cobol", "", "Python", "python, javascript", "starter", "$.javascript"])
def test_another_language_is_refused_with_those_of_the_exercise(send, exercise_id, rows, route, language):
    answer = send(route, exercise_id, GOOD, language=language)
    assert (answer.status_code, answer.json["status"], answer.json["message"]) == DIFFERS
    assert answer.json["errors"] == {"language": ["The exercise is in python, javascript."]}
    assert rows("SELECT FROM submissions WHERE exercise_id = :id", id=exercise_id) == []


@pytest.mark.parametrize("route", ["submissions", "evaluations"])
@pytest.mark.parametrize("language", [5, [], {}, True, "a\0b"])
def test_a_language_that_is_no_text_is_invalid(send, exercise_id, route, language):
    answer = send(route, exercise_id, GOOD, language=language)
    assert (answer.status_code, list(answer.json["errors"])) == (400, ["language"])


@pytest.mark.parametrize("route", ["submissions", "evaluations"])
def test_only_the_unavailable_language_of_an_exercise_cannot_be_graded(send, exercise_id, monkeypatch, route):
    monkeypatch.setattr(LanguageStatuses, "gradable", lambda _: ["python"])
    assert send(route, exercise_id, JAVASCRIPT, language="javascript").status_code == 503
    assert send(route, exercise_id, GOOD).json["data"]["verdict"] == "accepted"


def test_a_queued_answer_is_judged_by_the_languages_of_its_version(
    exercise_id, learner, hand_in, claim, finish, change
):
    handed = hand_in(learner.id, exercise_id, queued=True, answer=JAVASCRIPT, language="javascript")
    change("UPDATE exercises SET languages = '{}' WHERE id = :id", id=exercise_id)
    claimed = claim(handed.id, 1)
    assert (claimed.language, claimed.exercise_version) == ("javascript", 1)
    row = finish(claimed)
    assert (row["language"], row["verdict"], row["limits"]["cpu_ms"]) == ("javascript", "accepted", 3000)


def test_a_rejudge_judges_each_answer_in_its_language(exercise_id, learner, other, send, client, change, rejudge, rows):
    for member, answer, language in ((learner, WRONG, "python"), (other, JAVASCRIPT, "javascript")):
        body = {"exercise_id": exercise_id, "answer": answer, "language": language}
        client.post("/submissions?wait=30", json=body, headers=member.headers)
    cases = '[{"name": "sum", "kind": "call", "function": "add", "arguments": [2, 3], "expected": -1}]'
    change("UPDATE exercises SET cases = CAST(:cases AS json) WHERE id = :id", cases=cases, id=exercise_id)
    assert rejudge(exercise_id)["judged"] == 2
    verdicts = {row["user_id"]: row["verdict"] for row in rows("SELECT * FROM rejudge_results")}
    assert verdicts == {learner.id: "accepted", other.id: "wrong_answer"}


def test_a_rejudge_keeps_the_result_in_a_language_that_the_exercise_no_longer_has(
    exercise_id, send, learner, change, rejudge, call, score_of
):
    send("submissions", exercise_id, JAVASCRIPT, language="javascript")
    change("UPDATE exercises SET languages = '{}' WHERE id = :id", id=exercise_id)
    ready = rejudge(exercise_id)
    assert (ready["state"], ready["judged"]) == ("ready", 1)
    assert call("GET", f"/rejudges/{ready['id']}/changes")["changes"] == []
    assert score_of(learner.id, exercise_id)["correct"]
