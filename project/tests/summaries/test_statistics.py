import statistics

import pytest


def figures(attempts, solved):
    """Return the expected statistics of an exercise, from the attempts of its learners."""
    tried = [number for number in attempts if number > 0]
    return {
        "attempts": sum(attempts),
        "learners": len(attempts),
        "solved": solved,
        "solve_rate": pytest.approx(solved / len(attempts)),
        "median_attempts": statistics.median(tried) if tried else None,
    }


@pytest.mark.parametrize("folded", [True, False], ids=["folded", "pending"])
def test_the_statistics_of_exercises_agree_with_the_scores(client, change, rows, rng, folded):
    values = [(user, exercise, rng.randrange(8)) for user in range(60) for exercise in range(5, 12)]
    for user, exercise, attempts in rng.sample(values, 200):
        change(
            "INSERT INTO scores (user_id, exercise_id, correct, attempts) VALUES (:u, :e, :c, :a)",
            u=user, e=exercise, c=rng.random() < 0.5, a=attempts,
        )  # fmt: skip
    change("UPDATE scores SET attempts = attempts + 1 WHERE user_id % 3 = 0")
    change("DELETE FROM scores WHERE user_id % 7 = 0 OR exercise_id = 8")
    if folded:
        change("SELECT fold_summaries(1000000)")
    exercises = rows(
        "SELECT exercise_id, array_agg(attempts) AS attempts, count(*) FILTER (WHERE correct) AS solved"
        " FROM scores GROUP BY exercise_id ORDER BY exercise_id"
    )
    expected = [{"exercise_id": one["exercise_id"], **figures(one["attempts"], one["solved"])} for one in exercises]
    found, address = [], "/exercises/stats?limit=4"
    while address:
        answer = client.get(address)
        found += answer.json["data"]["statistics"]
        address = answer.json["next"]
    assert found == expected
    for one in expected:
        assert client.get(f"/exercises/{one['exercise_id']}/stats").json["data"] == one


def test_an_exercise_without_scores_has_statistics_and_an_unknown_one_has_none(client, graded_exercise):
    data = client.get(f"/exercises/{graded_exercise}/stats").json["data"]
    none = {"attempts": 0, "learners": 0, "solved": 0, "solve_rate": None, "median_attempts": None}
    assert data == {"exercise_id": graded_exercise, **none}
    for unknown in ("987654", "x", "7x", str(2**63)):
        answer = client.get(f"/exercises/{unknown}/stats")
        assert (answer.status_code, answer.json["message"]) == (404, "Exercise does not exist")


def test_the_addresses_of_statistics_do_not_hide_those_of_exercises(client, graded_exercise):
    assert client.get(f"/exercises/{graded_exercise}").status_code == 200
    assert "statistics" in client.get("/exercises/stats").json["data"]


def test_if_scores_are_not_public_the_statistics_need_a_token(make_app, learner):
    client = make_app(SCORES_PUBLIC=False).test_client()
    assert client.get("/exercises/stats").status_code == 403
    assert client.get("/exercises/stats", headers=learner.headers).status_code == 200
