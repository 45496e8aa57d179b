"""Learners see no time of a submission with a hidden case, by whatever route they read it."""

import re
from contextlib import closing

import pytest

from project.tests.submissions.conftest import GOOD
from project.web.idempotency.keys import HEADER

CASES = [
    {"name": "hidden", "kind": "call", "function": "add", "arguments": [20, 22], "expected": 42, "hidden": True},
    {"name": "shown", "kind": "call", "function": "add", "arguments": [2, 3], "expected": 5},
]
TIMES = ("cpu_ms", "wall_ms", "started_at", "finished_at")
# Stored in the place of what was measured, so that they are found wherever they are shown.
CPU_MS, WALL_MS, MICROSECONDS = "173.015625", "274.015625", "678901"
RECOGNIZABLE = f"""
    UPDATE submissions SET
        cpu_ms = {CPU_MS}, wall_ms = {WALL_MS},
        started_at = date_trunc('second', now() - interval '2 seconds') + interval '{MICROSECONDS} microseconds',
        finished_at = date_trunc('second', now() - interval '1 second') + interval '{MICROSECONDS} microseconds',
        cases = jsonb_set(jsonb_set(cases, '{{0,cpu_ms}}', '{CPU_MS}'), '{{0,wall_ms}}', '{WALL_MS}')
    WHERE user_id = :user_id
"""
SHOWN = re.compile(rf"{CPU_MS}|{WALL_MS}|\.{MICROSECONDS}")

# What each operation is sent, by its name in Flask: a new one fails the test until it is here. Of those that write and
# never answer with a submission it is None.
REQUESTS: dict[str, dict[str, str | None]] = {
    "GET": {
        "class_table.read_table": "/scores/table",
        "client.lead_to_client": "/",
        "client.read_client_file": "/app/",
        "docs.read_docs": "/docs",
        "docs.read_docs_file": "/docs/start.js",
        "docs.read_openapi": "/openapi.json",
        "eval.health": "/health",
        "eval.ping": "/ping",
        "eval.read_metrics": "/metrics",
        "eval.ready": "/ready",
        "events.follow": "/events?topics=submissions",
        "exercise_sets.list_exercise_sets": "/exercise-sets",
        "exercise_sets.read_exercise_set": "/exercise-sets/a-set",
        "exercises.list_exercises": "/exercises",
        "exercises.list_versions": "/exercises/{exercise}/versions",
        "exercises.read_exercise": "/exercises/{exercise}",
        "exercises.read_version": "/exercises/{exercise}/versions/1",
        "languages.list_languages": "/languages",
        "leaderboard.list_leaderboard": "/leaderboard",
        "leaderboard.read_own_rank": "/leaderboard/me",
        "progress.read_progress": "/progress/user",
        "rejudges.list_changes": "/rejudges/{rejudge}/changes",
        "rejudges.list_rejudges": "/exercises/{exercise}/rejudges",
        "rejudges.read_rejudge": "/rejudges/{rejudge}",
        "scores.list_history": "/scores/{score}/history",
        "scores.list_own_scores": "/scores/user",
        "scores.list_scores": "/scores",
        "scores.list_user_history": "/scores/history",
        "scores.read_own_score": "/scores/user/{score}",
        "scores.read_score": "/scores/{score}",
        "scores_bulk.export_scores": "/scores/export",
        "statistics.list_statistics": "/exercises/stats",
        "statistics.read_statistics": "/exercises/{exercise}/stats",
        "statistics.read_verdicts": "/exercises/{exercise}/stats/verdicts",
        "submissions.list_submissions": "/submissions",
        "submissions.read_submission": "/submissions/{submission}",
        "users.list_users": "/users",
        "users.read_registration": "/auth/registration",
        "invitations.list_invitations": "/invitations",
        "users.logout": None,
        "users.read_status": "/auth/status",
        "users.read_user": "/users/{user}",
    },
    "POST": {
        "exercises.add_exercise": None,
        "exercises.check_exercise": "/exercises/check",
        "rejudges.add_rejudge": "/exercises/{exercise}/rejudge",
        "rejudges.apply_rejudge": "/rejudges/{rejudge}/apply",
        "rejudges.undo_rejudge": "/rejudges/{rejudge}/undo",
        "scores.add_score": "/scores",
        "scores_bulk.load_scores": "/scores/bulk",
        "submissions.evaluate": "/evaluations",
        "submissions.submit": "/submissions",
        "users.add_user_as_admin": None,
        "users.login": None,
        "users.register": None,
        "invitations.make_invitation": None,
    },
    "PUT": {
        "exercise_sets.put_exercise_set": None,
        "exercises.update_exercise": None,
        "scores.update_score": "/scores/{score}",
    },
    "PATCH": {"scores.upsert_score": "/scores/{score}"},
    "DELETE": {
        "exercise_sets.delete_exercise_set": None,
        "exercises.delete_exercise": None,
        "invitations.revoke_invitation": None,
    },
}
SENT = [(method, path) for method, paths in REQUESTS.items() for path in paths.values() if path]


@pytest.fixture
def hiding(make_exercise):
    return make_exercise(cases=CASES)


@pytest.fixture
def send(app, learner, hiding):
    """Hand in or try an answer: `send("/evaluations", "a key")`."""

    def do(path, key=None, client=None):
        headers = learner.headers | ({HEADER: key} if key else {})
        body = {"exercise_id": hiding, "answer": GOOD}
        return (client or app.test_client()).post(path, json=body, headers=headers)

    return do


@pytest.fixture
def submission(send, change, learner):
    """Hand in an answer with a key, make its times recognizable, and return its id."""
    data = send("/submissions", "a key").json["data"]
    change(RECOGNIZABLE, user_id=learner.id)
    return data["id"]


def times_shown(judged):
    """Return the times that are not null, of the submission and of its hidden case."""
    hidden = [case for case in judged.get("cases") or [] if case["hidden"]]
    return {name: one[name] for one in (judged, *hidden) for name in TIMES if one.get(name) is not None}


def test_every_operation_is_listed_here(app):
    offered = {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static"
    }
    offered |= {("GET", "client.lead_to_client"), ("GET", "client.read_client_file")}  # only where the client is built
    assert offered == {(method, endpoint) for method, paths in REQUESTS.items() for endpoint in paths}


@pytest.mark.parametrize(("method", "path"), SENT, ids=" ".join)
def test_no_operation_shows_times(client, learner, hiding, submission, change, rows, method, path):
    change(
        "INSERT INTO rejudges (exercise_id, exercise_version, requested_by, submissions) VALUES (:id, 1, 1, 1)",
        id=hiding,
    )
    ids = {
        "exercise": hiding,
        "submission": submission,
        "user": learner.id,
        "score": rows("SELECT id FROM scores WHERE user_id = :id", id=learner.id)[0]["id"],
        "rejudge": rows("SELECT id FROM rejudges")[0]["id"],
    }
    body = {"exercise_id": hiding, "answer": GOOD, "correct": True} if method != "GET" else None
    # The first event that is missed is the end of the submission.
    headers = learner.headers | ({"Last-Event-ID": "1"} if path.startswith("/events") else {})
    with closing(client.open(path.format(**ids), method=method, json=body, headers=headers, buffered=False)) as answer:
        if path.startswith("/events"):
            parts = iter(answer.response)
            text = (next(parts) + next(parts)).decode()
            assert "event: submission" in text
        else:
            text = answer.get_data(as_text=True)
    assert not SHOWN.search(text), text


@pytest.mark.parametrize("path", ["/submissions", "/evaluations"])
@pytest.mark.parametrize("key", [None, "another key"])
def test_an_answer_that_was_just_judged_comes_without_times(send, path, key):
    for _ in range(2 if key else 1):
        answer = send(path, key)
        assert answer.status_code in {200, 201}, answer.text
        judged = answer.json["data"]
        assert judged["verdict"] == "accepted"
        assert times_shown(judged) == {}
    assert ("Idempotency-Replayed" in answer.headers) == bool(key)


def test_the_short_way_shows_no_times(make_app, make_front, send):
    judged = send("/submissions", client=make_front(make_app())).json["data"]
    assert (judged["verdict"], times_shown(judged)) == ("accepted", {})


def test_a_repeat_shows_no_times(send, submission):
    repeat = send("/submissions", "a key")
    assert (repeat.json["data"]["id"], times_shown(repeat.json["data"])) == (submission, {})
    assert not SHOWN.search(repeat.text)


@pytest.mark.parametrize("address", ["/submissions", "/submissions/{id}"])
def test_one_that_still_runs_does_not_show_when_it_began(client, hand_in, hiding, learner, address):
    number = hand_in(learner.id, hiding).id
    data = client.get(address.format(id=number), headers=learner.headers).json["data"]
    (shown,) = data.get("submissions", [data])
    assert (shown["state"], shown["started_at"]) == ("running", None)


@pytest.mark.parametrize("address", ["/submissions?limit=1", "/submissions/{id}"])
def test_staff_see_the_times(client, submission, grader, address):
    data = client.get(address.format(id=submission), headers=grader.headers).json["data"]
    (shown,) = data.get("submissions", [data])
    assert set(times_shown(shown)) == set(TIMES)
    assert "has_hidden_case" not in shown


@pytest.mark.parametrize("address", ["/submissions?limit=1", "/submissions/{id}"])
def test_without_a_hidden_case_learners_see_the_times(client, grade, exercise_id, learner, address):
    number = grade(learner.id, exercise_id, 3)
    data = client.get(address.format(id=number), headers=learner.headers).json["data"]
    (shown,) = data.get("submissions", [data])
    assert set(times_shown(shown)) >= {"cpu_ms", "wall_ms", "finished_at"}
    assert "has_hidden_case" not in shown


def test_a_submission_is_shown_by_the_version_that_judged_it(client, submission, change, hiding, learner):
    change("UPDATE exercises SET cases = '[]' WHERE id = :id", id=hiding)
    (shown,) = client.get("/submissions", headers=learner.headers).json["data"]["submissions"]
    assert times_shown(shown) == {}
