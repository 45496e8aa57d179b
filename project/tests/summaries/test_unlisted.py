"""Learners' own reports of exercises that the catalogue does not have, and of exercises that become graded."""

import threading

import pytest
import sqlalchemy as sa

from project.api.scores.settling import GRADED_NOW, LISTED_NOW
from project.tests.conftest import NOISE_USER
from project.tests.sandbox.processes import until

MADE_UP = range(10**9, 10**9 + 5)
ADD_EXERCISE = "INSERT INTO exercises (id, exercise_body, test_code, test_code_solution, grading) VALUES "
LEDGER = "SELECT action, correct, source, reason FROM score_changes WHERE exercise_id = :e ORDER BY id"


@pytest.fixture
def listed(rows):
    """The id of an exercise of the catalogue that learners report themselves."""
    return rows("SELECT id FROM exercises WHERE grading = 'self' ORDER BY id")[0]["id"]


@pytest.fixture
def report(client):
    """Report a score, by PATCH, and by POST or PUT if that is asked for."""

    def send(member, exercise_id, correct=True, method="PATCH", by=client, **more):
        body = {"exercise_id": exercise_id, "correct": correct, **more}
        place = "/scores"
        if method == "PUT":
            there = by.patch("/scores", json=body | {"correct": not correct}, headers=member.headers)
            place = f"/scores/{there.json['data']['id']}"
        answer = by.open(place, method=method, json=body, headers=member.headers)
        assert answer.status_code in (200, 201), answer.json
        return answer.json["data"]["id"]

    return send


@pytest.fixture
def board(client):
    """Return who stands on a board, with how many: {user_id: solved}."""

    def read(query=""):
        places = client.get(f"/leaderboard{query}").json["data"]["leaderboard"]
        return {place["user_id"]: place["solved"] for place in places if place["user_id"] != NOISE_USER}

    return read


@pytest.fixture(params=["pending", "folded"])
def settle(request, change):
    """Let boards be read from what is pending, or from what is folded."""
    return (lambda: change("SELECT fold_summaries(100000)")) if request.param == "folded" else (lambda: None)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_reports_of_unlisted_exercises_count_on_no_board(
    report, board, client, learner, other, listed, grader, settle, check, method
):
    client.put("/exercise-sets/all", json={"exercise_ids": [listed, *MADE_UP]}, headers=grader.headers)
    report(learner, listed)
    for exercise_id in MADE_UP:
        report(other, exercise_id, method=method)
    settle()
    ids = ",".join(map(str, [listed, MADE_UP[0]]))
    for query in ("", "?exercise_set=all", f"?exercise_ids={ids}"):
        assert board(query) == {learner.id: 1}, query
    assert client.get("/leaderboard/me", headers=other.headers).json["data"]["rank"] is None
    assert check() == (0, "0 differences\n")


@pytest.mark.parametrize("role", ["grader", "admin"])
def test_scores_of_unlisted_exercises_that_staff_record_count(report, board, request, learner, settle, check, role):
    report(request.getfixturevalue(role), MADE_UP[0], user_id=learner.id)
    settle()
    assert board() == {learner.id: 1}
    assert check() == (0, "0 differences\n")


def test_imported_scores_of_unlisted_exercises_count(client, board, learner, admin, report, settle, check):
    report(learner, MADE_UP[0])
    line = f'{{"user_id": {learner.id}, "exercise_id": {MADE_UP[0]}, "correct": true}}\n'
    answer = client.post("/scores/bulk", data=line, headers=admin.headers, content_type="application/x-ndjson")
    assert answer.status_code in (200, 201), answer.json
    settle()
    assert board() == {learner.id: 1}
    assert check() == (0, "0 differences\n")


def test_a_report_that_a_grader_confirms_counts(report, board, learner, grader, settle, check):
    report(learner, MADE_UP[0])
    settle()
    report(grader, MADE_UP[0], user_id=learner.id)
    settle()
    assert board() == {learner.id: 1}
    assert check() == (0, "0 differences\n")


def test_with_unlisted_reports_count_they_count(make_app, report, board, learner, settle, check):
    report(learner, MADE_UP[0], by=make_app(UNLISTED_REPORTS_COUNT=True).test_client())
    settle()
    assert board() == {learner.id: 1}


def test_check_finds_and_repairs_scores_after_a_change_of_the_setting(
    app, make_app, report, board, learner, listed, rows, check
):
    report(learner, listed)
    report(learner, MADE_UP[0])
    for counts, solved in ((True, 2), (False, 1)):
        app.config["UNLISTED_REPORTS_COUNT"] = counts
        status, output = check()
        assert status == 1
        assert "off_board: 1 differences" in output
        assert check("--repair")[0] == 0
        assert check() == (0, "0 differences\n")
        assert board() == {learner.id: solved}
    assert "UNLISTED_REPORTS_COUNT" in rows(LEDGER, e=MADE_UP[0])[-1]["reason"]


def test_reports_count_once_their_exercise_is_in_the_catalogue(report, board, change, learner, rows, check):
    report(learner, MADE_UP[0])
    change(f"{ADD_EXERCISE} ({MADE_UP[0]}, '', '', '', 'self')")
    assert board() == {learner.id: 1}
    assert rows(LEDGER, e=MADE_UP[0])[-1]["reason"] == LISTED_NOW
    assert check() == (0, "0 differences\n")


def test_reports_made_before_their_exercise_was_deleted_still_count(report, board, change, learner, other, check):
    change(f"{ADD_EXERCISE} ({MADE_UP[0]}, '', '', '', 'self')")
    report(learner, MADE_UP[0])
    change(f"DELETE FROM exercises WHERE id = {MADE_UP[0]}")
    report(other, MADE_UP[0])
    assert board() == {learner.id: 1}
    assert check() == (0, "0 differences\n")


def test_a_self_report_does_not_survive_when_its_exercise_is_graded(
    client, report, board, change, learner, other, grader, listed, rows, settle, check
):
    score = report(learner, listed)
    report(grader, listed, user_id=other.id)
    settle()
    change("UPDATE exercises SET grading = 'server' WHERE id = :id", id=listed)
    settle()
    assert client.get(f"/scores/{score}").status_code == 404
    assert board() == {other.id: 1}
    last = [row for row in rows(LEDGER, e=listed) if row["action"] == "deleted"]
    assert last == [{"action": "deleted", "correct": True, "source": "override", "reason": GRADED_NOW}]
    history = client.get("/scores/history", headers=learner.headers).json["data"]["history"]
    assert history[0]["reason"] == GRADED_NOW
    assert check() == (0, "0 differences\n")


def test_reports_of_a_new_exercise_that_is_graded_are_deleted(report, board, change, learner, rows, check):
    report(learner, MADE_UP[0])
    change(f"{ADD_EXERCISE} ({MADE_UP[0]}, '', '', '', 'server')")
    assert rows("SELECT id FROM scores WHERE exercise_id = :e", e=MADE_UP[0]) == []
    assert board() == {}
    assert check() == (0, "0 differences\n")


def test_other_changes_of_an_exercise_do_not_change_its_reports(report, change, learner, listed, rows):
    score = report(learner, listed)
    change("UPDATE exercises SET exercise_body = 'new' WHERE id = :id", id=listed)
    assert rows("SELECT id FROM scores WHERE id = :id", id=score)
    assert [row["reason"] for row in rows(LEDGER, e=listed)] == [None]


def test_the_reason_of_the_transaction_is_restored(app, connect, report, learner, listed):
    report(learner, listed)
    connection = connect()
    connection.execute(sa.text("SELECT set_config('eval.reason', 'mine', true)"))
    connection.execute(sa.text("UPDATE exercises SET grading = 'server' WHERE id = :id"), {"id": listed})
    assert connection.scalar(sa.text("SELECT current_setting('eval.reason', true)")) == "mine"
    connection.rollback()


def test_a_concurrent_report_of_an_exercise_that_is_graded_is_deleted(app, connect, learner, listed, rows, change):
    """It saw the exercise as it was, and commits after the exercise was changed."""
    reporting = connect()
    reporting.execute(
        sa.text("INSERT INTO scores (user_id, exercise_id, correct, source) VALUES (:u, :e, true, 'self_reported')"),
        {"u": learner.id, "e": listed},
    )
    grading = threading.Thread(
        target=change, args=("UPDATE exercises SET grading = 'server' WHERE id = :id",), kwargs={"id": listed}
    )
    grading.start()
    until(lambda: rows("SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'scores'::regclass"))
    reporting.commit()
    grading.join()
    assert rows("SELECT id FROM scores WHERE exercise_id = :e AND source = 'self_reported'", e=listed) == []
