"""How graded submissions change the learner's score, by the policy of the exercise."""

import pytest
import sqlalchemy as sa

from project.judging.verdicts import Verdict
from project.tests.submissions.conftest import MAX_POINTS, judgement

# Points of one submission after another, and then the score: correct, points.
POLICIES = [
    ("best", [3], (False, 3)),
    ("best", [3, 10], (True, 10)),
    ("best", [10, 3], (True, 10)),
    ("best", [3, 5, 4], (False, 5)),
    ("best", [0, 0], (False, 0)),
    ("latest", [10, 3], (False, 3)),
    ("latest", [3, 10], (True, 10)),
    ("first", [3, 10], (False, 3)),
    ("first", [10, 3], (True, 10)),
]


@pytest.mark.parametrize(("policy", "points", "expected"), POLICIES)
def test_the_score_follows_the_policy(make_exercise, grade, learner, score_of, policy, points, expected):
    exercise_id = make_exercise(policy=policy)
    ids = [grade(learner.id, exercise_id, one) for one in points]
    score = score_of(learner.id, exercise_id)
    assert (score["correct"], score["points"]) == expected
    assert (score["max_points"], score["attempts"], score["source"]) == (MAX_POINTS, len(points), "graded")
    assert score["decided_by"] == ids[points.index(expected[1])]


def test_each_submission_has_one_entry_in_the_ledger(exercise_id, grade, learner, ledger_of, client):
    ids = [grade(learner.id, exercise_id, points) for points in (3, 10, 5)]
    entries = ledger_of(learner.id, exercise_id)
    shown = ("submission_id", "action", "correct", "points", "max_points", "attempts", "source", "recorded_by")
    assert [tuple(entry[name] for name in shown) for entry in entries] == [
        (ids[0], "created", False, 3, MAX_POINTS, 1, "graded", None),
        (ids[1], "changed", True, 10, MAX_POINTS, 2, "graded", None),
        (ids[2], "changed", True, 10, MAX_POINTS, 3, "graded", None),
    ]
    address = f"/scores/{entries[0]['score_id']}"
    assert client.get(address).json["data"].items() >= {"points": 10, "max_points": MAX_POINTS, "attempts": 3}.items()
    history = client.get(f"{address}/history", headers=learner.headers).json["data"]["history"]
    assert [(entry["submission_id"], entry["points"], entry["attempts"]) for entry in history] == [
        (ids[0], 3, 1),
        (ids[1], 10, 2),
        (ids[2], 10, 3),
    ]


def test_trouble_of_ours_changes_no_score_and_costs_no_attempt(exercise_id, grade, learner, score_of, ledger_of):
    grade(learner.id, exercise_id, 0, Verdict.SANDBOX_ERROR)
    assert score_of(learner.id, exercise_id) is None
    grade(learner.id, exercise_id, 10)
    before = score_of(learner.id, exercise_id), ledger_of(learner.id, exercise_id)
    grade(learner.id, exercise_id, 0, Verdict.SANDBOX_ERROR)
    assert (score_of(learner.id, exercise_id), ledger_of(learner.id, exercise_id)) == before


@pytest.mark.parametrize("policy", ["best", "latest", "first"])
@pytest.mark.parametrize("correct", [True, False])
def test_an_override_stands(make_exercise, grade, client, admin, learner, score_of, policy, correct):
    exercise_id = make_exercise(policy=policy)
    body = {"exercise_id": exercise_id, "correct": correct, "user_id": learner.id}
    client.patch("/scores", json=body, headers=admin.headers)
    submission_id = grade(learner.id, exercise_id, 0 if correct else 10)
    score = score_of(learner.id, exercise_id)
    assert (score["correct"], score["source"], score["points"], score["attempts"]) == (correct, "override", None, 1)
    assert (score["submission_id"], score["decided_by"]) == (submission_id, None)


@pytest.mark.parametrize("policy", ["best", "latest", "first"])
def test_self_reported_scores_do_not_count(make_exercise, grade, client, learner, score_of, policy):
    exercise_id = make_exercise(policy=policy, grading="self")
    client.post("/scores", json={"exercise_id": exercise_id, "correct": True}, headers=learner.headers)
    grade(learner.id, exercise_id, 3)
    score = score_of(learner.id, exercise_id)
    assert (score["correct"], score["points"], score["source"], score["attempts"]) == (False, 3, "graded", 1)


@pytest.mark.parametrize(("policy", "kept"), [("best", True), ("first", True), ("latest", False)])
def test_an_imported_score_is_worth_a_graded_one(make_exercise, grade, change, learner, score_of, policy, kept):
    exercise_id = make_exercise(policy=policy)
    change("INSERT INTO scores (user_id, exercise_id, correct) VALUES (:u, :e, true)", u=learner.id, e=exercise_id)
    grade(learner.id, exercise_id, 3)
    score = score_of(learner.id, exercise_id)
    assert (score["correct"], score["source"]) == ((True, "imported") if kept else (False, "graded"))
    assert score["attempts"] == 1


@pytest.mark.parametrize("who", ["grader", "admin"])
def test_a_report_of_staff_has_no_points(request, exercise_id, grade, client, learner, score_of, who):
    grade(learner.id, exercise_id, 3)
    body = {"exercise_id": exercise_id, "correct": True, "user_id": learner.id}
    answer = client.patch("/scores", json=body, headers=request.getfixturevalue(who).headers)
    assert answer.json["data"].items() >= {"points": None, "max_points": None, "attempts": 1}.items()
    score = score_of(learner.id, exercise_id)
    assert (score["decided_by"], score["submission_id"]) == (None, None)


def test_a_change_by_hand_is_none_of_the_submission(exercise_id, grade, change, learner, score_of, ledger_of):
    grade(learner.id, exercise_id, 3)
    change("UPDATE scores SET correct = true, points = 10 WHERE user_id = :id", id=learner.id)
    score = score_of(learner.id, exercise_id)
    assert (score["source"], score["points"], score["submission_id"]) == ("override", 10, None)
    assert (
        ledger_of(learner.id, exercise_id)[-1].items() >= {"points": 10, "attempts": 1, "submission_id": None}.items()
    )


@pytest.mark.parametrize(("policy", "expected"), [("latest", 10), ("first", 3), ("best", 10)])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_which_was_handed_in_first_counts_and_not_which_ended_first(
    make_exercise, hand_in, record, learner, score_of, policy, expected, order
):
    exercise_id = make_exercise(policy=policy)
    handed = [hand_in(learner.id, exercise_id) for _ in range(2)]
    for number in order:
        record(handed[number].claimed, judgement((3, 10)[number]))
    score = score_of(learner.id, exercise_id)
    assert (score["points"], score["attempts"]) == (expected, 2)


def test_the_ledger_has_a_submission_once(exercise_id, grade, change, learner, score_of):
    submission_id = grade(learner.id, exercise_id, 3)
    statement = """
        UPDATE scores SET submission_id = :submission_id, change_id = nextval('score_change_ids') WHERE user_id = :id
    """
    with pytest.raises(sa.exc.IntegrityError, match="uq_score_changes_user_id_submission_id"):
        change(statement, submission_id=submission_id, id=learner.id)


def test_scores_of_others_and_of_other_exercises_stay_as_they_are(make_exercise, grade, learner, other, rows):
    exercises = [make_exercise() for _ in range(2)]
    grade(learner.id, exercises[0], 3)
    before = rows("SELECT * FROM scores ORDER BY id")
    grade(other.id, exercises[0], 10)
    grade(learner.id, exercises[1], 10)
    assert rows("SELECT * FROM scores ORDER BY id")[: len(before)] == before
