"""Reports of many users that are committed together."""

from concurrent.futures import ThreadPoolExecutor

import pytest

THREADS = 12


@pytest.fixture
def patch_at_once(make_app, make_front):
    """Send reports (user, exercise id, correct) at the same time; return the responses in order."""

    def send(reports, **settings):
        client = make_front(make_app(**settings))

        def one(report):
            user, exercise_id, correct = report
            body = {"exercise_id": exercise_id, "correct": correct}
            return client.patch("/scores", json=body, headers=user.headers)

        with ThreadPoolExecutor(THREADS) as threads:
            return list(threads.map(one, reports))

    return send


def test_each_report_has_its_own_response_score_and_ledger_entry(make_member, patch_at_once, rows):
    members = [make_member(f"m{number}") for number in range(8)]
    reports = [(user, exercise, (user.id + exercise) % 2 == 0) for exercise in range(10) for user in members]
    for (user, exercise_id, correct), response in zip(reports, patch_at_once(reports), strict=True):
        assert response.status_code == 201
        data = response.json["data"]
        assert (data["user_id"], data["exercise_id"], data["correct"]) == (user.id, exercise_id, correct)
    recorded = rows("SELECT user_id, exercise_id, correct FROM scores WHERE user_id >= :first", first=members[0].id)
    assert {(row["user_id"], row["exercise_id"], row["correct"]) for row in recorded} >= {
        (user.id, exercise_id, correct) for user, exercise_id, correct in reports
    }
    entries = rows(
        "SELECT count(*) AS n FROM score_changes WHERE recorded_by = user_id AND user_id = ANY(:ids)",
        ids=[member.id for member in members],
    )
    assert entries[0]["n"] == len(reports)


def test_reports_for_one_score_are_all_in_the_ledger(learner, patch_at_once, rows):
    reports = [(learner, 1, number % 3 == 0) for number in range(40)]
    responses = patch_at_once(reports)
    assert sorted(response.status_code for response in responses) == [200] * 39 + [201]
    entries = rows("SELECT correct FROM score_changes WHERE user_id = :id ORDER BY id", id=learner.id)
    assert sum(entry["correct"] for entry in entries) == sum(correct for _, _, correct in reports)
    (score,) = rows("SELECT correct FROM scores WHERE user_id = :id", id=learner.id)
    assert score["correct"] == entries[-1]["correct"]


def test_a_rejected_report_does_not_fail_the_others_of_its_batch(
    learner, other, admin, graded_exercise, patch_at_once, change
):
    change("UPDATE users SET active = false WHERE id = :id", id=learner.id)
    reports = [(learner, 1, True), (other, 1, True), (other, graded_exercise, True), (admin, graded_exercise, True)] * 5
    statuses = [response.status_code for response in patch_at_once(reports)]
    assert {statuses[n] for n in range(0, 20, 4)} == {401}
    assert {statuses[n] for n in range(1, 20, 4)} == {200, 201}
    assert {statuses[n] for n in range(2, 20, 4)} == {401}
    assert {statuses[n] for n in range(3, 20, 4)} == {200, 201}


def test_the_rate_limit_is_exact_for_simultaneous_requests(learner, other, patch_at_once, rows):
    reports = [(user, exercise, True) for exercise in range(1, 31) for user in (learner, other)]
    responses = patch_at_once(reports, RATELIMIT_ENABLED=True, RATE_LIMIT_WRITE="10 per hour")
    for user in (learner, other):
        statuses = [
            response.status_code for report, response in zip(reports, responses, strict=True) if report[0] is user
        ]
        assert sorted(statuses) == [201] * 10 + [429] * 20
        assert len(rows("SELECT FROM scores WHERE user_id = :id", id=user.id)) == 10
    assert {row["hits"] for row in rows("SELECT hits FROM rate_limits")} == {30}
