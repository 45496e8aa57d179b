"""Reports of many callers, committed together."""

from concurrent.futures import ThreadPoolExecutor

import pytest

THREADS = 12


@pytest.fixture
def patch_at_once(make_app, make_front):
    """Send reports at once, as (who, exercise, correct); return the answers in order."""

    def send(reports, **settings):
        client = make_front(make_app(**settings))

        def one(report):
            who, exercise_id, correct = report
            body = {"exercise_id": exercise_id, "correct": correct}
            return client.patch("/scores", json=body, headers=who.headers)

        with ThreadPoolExecutor(THREADS) as threads:
            return list(threads.map(one, reports))

    return send


def test_each_gets_his_own_answer_and_each_report_its_entry(make_member, patch_at_once, rows):
    members = [make_member(f"m{number}") for number in range(8)]
    reports = [(who, exercise, (who.id + exercise) % 2 == 0) for exercise in range(10) for who in members]
    for (who, exercise_id, correct), answer in zip(reports, patch_at_once(reports), strict=True):
        assert answer.status_code == 201
        data = answer.json["data"]
        assert (data["user_id"], data["exercise_id"], data["correct"]) == (who.id, exercise_id, correct)
    kept = rows("SELECT user_id, exercise_id, correct FROM scores WHERE user_id >= :first", first=members[0].id)
    assert {(row["user_id"], row["exercise_id"], row["correct"]) for row in kept} >= {
        (w.id, e, c) for w, e, c in reports
    }
    entries = rows(
        "SELECT count(*) AS n FROM score_changes WHERE recorded_by = user_id AND user_id = ANY(:ids)",
        ids=[member.id for member in members],
    )
    assert entries[0]["n"] == len(reports)


def test_reports_for_one_score_are_all_in_the_ledger(learner, patch_at_once, rows):
    reports = [(learner, 1, number % 3 == 0) for number in range(40)]
    answers = patch_at_once(reports)
    assert sorted(answer.status_code for answer in answers) == [200] * 39 + [201]
    entries = rows("SELECT correct FROM score_changes WHERE user_id = :id ORDER BY id", id=learner.id)
    assert sum(entry["correct"] for entry in entries) == sum(correct for _, _, correct in reports)
    (score,) = rows("SELECT correct FROM scores WHERE user_id = :id", id=learner.id)
    assert score["correct"] == entries[-1]["correct"]


def test_one_callers_refusal_is_not_anothers(learner, other, admin, graded_exercise, patch_at_once, change):
    gone = learner
    change("UPDATE users SET active = false WHERE id = :id", id=gone.id)
    reports = [(gone, 1, True), (other, 1, True), (other, graded_exercise, True), (admin, graded_exercise, True)] * 5
    statuses = [answer.status_code for answer in patch_at_once(reports)]
    assert {statuses[n] for n in range(0, 20, 4)} == {401}
    assert {statuses[n] for n in range(1, 20, 4)} == {200, 201}
    assert {statuses[n] for n in range(2, 20, 4)} == {401}
    assert {statuses[n] for n in range(3, 20, 4)} == {200, 201}


def test_the_limit_is_exact_however_many_call_at_once(learner, other, patch_at_once, rows):
    reports = [(who, exercise, True) for exercise in range(1, 31) for who in (learner, other)]
    answers = patch_at_once(reports, RATELIMIT_ENABLED=True, RATE_LIMIT_WRITE="10 per hour")
    for who in (learner, other):
        statuses = [answer.status_code for report, answer in zip(reports, answers, strict=True) if report[0] is who]
        assert sorted(statuses) == [201] * 10 + [429] * 20
        assert len(rows("SELECT FROM scores WHERE user_id = :id", id=who.id)) == 10
    assert {row["hits"] for row in rows("SELECT hits FROM rate_limits")} == {30}
