"""Judging an exercise's submissions anew: what would change, changing it, and changing it back."""

import dataclasses

import pytest

from project.judging.verdicts import Verdict
from project.tests.rejudges.conftest import BY_TESTS, RIGHT
from project.tests.submissions.conftest import GOOD, WRONG, judgement

# What the mended tests call right and wrong: subtraction is wanted.
NOW_RIGHT, NOW_WRONG = WRONG, GOOD
WAS_WRONG = dataclasses.replace(judgement(0), max_points=1)
WAS_RIGHT = dataclasses.replace(judgement(0), max_points=1, points=1, verdict=Verdict.ACCEPTED)


def shown(score):
    return {name: score[name] for name in ("correct", "points", "max_points")}


@pytest.fixture
def rejudged(exercise_id, learner, wrongly_judged, mend, rejudge):
    """A rejudge that is ready: the learner's score would be right."""
    wrongly_judged(learner.id, exercise_id, WAS_WRONG)
    mend(exercise_id)
    return rejudge(exercise_id)


def test_a_change_has_the_learner_and_the_deciding_submissions(rejudged, learner, call):
    (change,) = call("GET", f"/rejudges/{rejudged['id']}/changes")["changes"]
    assert (change["user_id"], change["username"]) == (learner.id, "learner")
    assert change["before"]["submission_id"] == change["after"]["submission_id"] > 0


def test_a_dry_run_lists_the_changes_and_changes_no_score(
    rejudged, exercise_id, learner, admin, changes, score_of, ledger_of
):
    wanted = {
        "exercise_id": exercise_id,
        "exercise_version": 2,
        "requested_by": admin.id,
        "state": "ready",
        "submissions": 1,
        "judged": 1,
        "applied": None,
    }
    assert rejudged.items() >= wanted.items()
    assert changes(rejudged) == {learner.id: (BY_TESTS, RIGHT)}
    assert shown(score_of(learner.id, exercise_id)) == BY_TESTS
    assert len(ledger_of(learner.id, exercise_id)) == 1


def test_applying_changes_the_scores_with_entries_of_their_own(
    rejudged, exercise_id, learner, admin, call, client, score_of, ledger_of
):
    applied = call("POST", f"/rejudges/{rejudged['id']}/apply")
    assert (applied["state"], applied["applied"], applied["skipped"]) == ("applied", 1, 0)
    score = score_of(learner.id, exercise_id)
    assert (shown(score), score["attempts"], score["source"]) == (RIGHT, 1, "graded")
    address = f"/scores/{score['id']}/history"
    last = client.get(address, headers=learner.headers).json["data"]["history"][-1]
    wanted = {"rejudge_id": rejudged["id"], "recorded_by": admin.id, "submission_id": None, "correct": True}
    assert last.items() >= wanted.items()
    assert len(ledger_of(learner.id, exercise_id)) == 2


def test_undoing_changes_them_back_with_entries_of_their_own(rejudged, exercise_id, learner, call, score_of, ledger_of):
    before = score_of(learner.id, exercise_id)
    call("POST", f"/rejudges/{rejudged['id']}/apply")
    undone = call("POST", f"/rejudges/{rejudged['id']}/undo")
    assert (undone["state"], undone["restored"]) == ("undone", 1)
    score = score_of(learner.id, exercise_id)
    same = ("correct", "points", "max_points", "attempts", "source", "decided_by")
    assert [score[name] for name in same] == [before[name] for name in same]
    assert [entry["rejudge_id"] for entry in ledger_of(learner.id, exercise_id)] == [
        None,
        rejudged["id"],
        rejudged["id"],
    ]


POLICIES = [
    ("best", [NOW_RIGHT, NOW_WRONG], [0, 0], RIGHT),
    ("best", [NOW_WRONG, NOW_WRONG], [1, 0], BY_TESTS),
    ("latest", [NOW_RIGHT, NOW_WRONG], [0, 1], BY_TESTS),
    ("latest", [NOW_WRONG, NOW_RIGHT], [0, 0], RIGHT),
    ("first", [NOW_RIGHT, NOW_WRONG], [0, 0], RIGHT),
    ("first", [NOW_WRONG, NOW_RIGHT], [1, 0], BY_TESTS),
]


@pytest.mark.parametrize(("policy", "answers", "points", "expected"), POLICIES)
def test_the_new_score_follows_the_policy(
    make_exercise, wrongly_judged, mend, rejudge, changes, call, learner, score_of, policy, answers, points, expected
):
    exercise_id = make_exercise(policy=policy)
    ids = [
        wrongly_judged(learner.id, exercise_id, WAS_RIGHT if point else WAS_WRONG, answer)
        for answer, point in zip(answers, points, strict=True)
    ]
    mend(exercise_id)
    ready = rejudge(exercise_id)
    assert changes(ready)[learner.id][1] == expected
    call("POST", f"/rejudges/{ready['id']}/apply")
    score = score_of(learner.id, exercise_id)
    assert (shown(score), score["attempts"]) == (expected, 2)
    assert score["decided_by"] in ids


def test_scores_that_stay_the_same_are_not_listed(
    exercise_id, make_exercise, learner, other, wrongly_judged, mend, rejudge, changes
):
    wrongly_judged(learner.id, exercise_id, WAS_RIGHT, NOW_RIGHT)
    wrongly_judged(other.id, make_exercise(), WAS_WRONG)
    mend(exercise_id)
    ready = rejudge(exercise_id)
    assert (ready["submissions"], changes(ready)) == (1, {})


@pytest.mark.parametrize("who", ["admin", "grader"])
def test_a_rejudge_does_not_change_what_staff_decided(
    request, exercise_id, learner, wrongly_judged, mend, rejudge, changes, client, who
):
    wrongly_judged(learner.id, exercise_id, WAS_WRONG)
    body = {"exercise_id": exercise_id, "correct": False, "user_id": learner.id}
    client.patch("/scores", json=body, headers=request.getfixturevalue(who).headers)
    mend(exercise_id)
    assert changes(rejudge(exercise_id)) == {}


def test_scores_that_were_changed_since_are_skipped(
    exercise_id, learner, other, wrongly_judged, mend, rejudge, call, client, admin, score_of
):
    for member in (learner, other):
        wrongly_judged(member.id, exercise_id, WAS_WRONG)
    mend(exercise_id)
    ready = rejudge(exercise_id)
    body = {"exercise_id": exercise_id, "correct": False, "user_id": other.id}
    client.patch("/scores", json=body, headers=admin.headers)
    applied = call("POST", f"/rejudges/{ready['id']}/apply")
    assert (applied["applied"], applied["skipped"]) == (1, 1)
    assert score_of(learner.id, exercise_id)["correct"] is True
    assert score_of(other.id, exercise_id)["correct"] is False


def test_undo_does_not_change_scores_that_were_decided_since(
    rejudged, exercise_id, learner, call, client, admin, score_of
):
    call("POST", f"/rejudges/{rejudged['id']}/apply")
    body = {"exercise_id": exercise_id, "correct": True, "user_id": learner.id}
    client.patch("/scores", json=body, headers=admin.headers)
    assert call("POST", f"/rejudges/{rejudged['id']}/undo")["restored"] == 0
    assert score_of(learner.id, exercise_id)["correct"] is True


def test_a_sandbox_error_during_a_rejudge_changes_no_score(
    exercise_id, learner, wrongly_judged, mend, call, work, changes, change, rows
):
    wrongly_judged(learner.id, exercise_id, WAS_WRONG)
    mend(exercise_id)
    queued = call("POST", f"/exercises/{exercise_id}/rejudge", 202)
    change("UPDATE rejudges SET lost = 3")  # so many workers ended while they judged the first one
    work()
    assert [row["verdict"] for row in rows("SELECT verdict FROM rejudge_results")] == ["sandbox_error"]
    assert changes(queued) == {}


def test_submissions_that_ended_with_a_sandbox_error_are_not_judged_again(
    exercise_id, learner, grade, hand_in, rejudge
):
    grade(learner.id, exercise_id, 0, Verdict.SANDBOX_ERROR)
    hand_in(learner.id, exercise_id)
    assert rejudge(exercise_id).items() >= {"submissions": 0, "judged": 0, "state": "ready"}.items()


def test_after_a_rejudge_the_next_submission_counts_by_the_policy(
    rejudged, exercise_id, learner, call, wrongly_judged, score_of
):
    call("POST", f"/rejudges/{rejudged['id']}/apply")
    wrongly_judged(learner.id, exercise_id, WAS_WRONG)
    score = score_of(learner.id, exercise_id)
    assert (shown(score), score["attempts"], score["rejudge_id"]) == (RIGHT, 2, None)


def test_answers_are_judged_with_their_other_files(exercise_id, learner, hand_in, record, mend, rejudge, changes):
    handed = hand_in(learner.id, exercise_id, answer="from sums import add", files={"sums.py": NOW_RIGHT})
    record(handed.claimed, WAS_WRONG)
    mend(exercise_id)
    assert changes(rejudge(exercise_id)) == {learner.id: (BY_TESTS, RIGHT)}
