"""Handing in answers over HTTP, graded for real."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from project.grading.local_judge import judge_of
from project.tests.servers import wait_for
from project.tests.submissions.conftest import GOOD, WRONG

SLOW = "import time\ntime.sleep(1.2)\n" + GOOD
CASES = [
    {"name": "shown", "kind": "call", "function": "add", "arguments": [2, 3], "expected": 5, "points": 1},
    {
        "name": "secret",
        "kind": "call",
        "function": "add",
        "arguments": [7, 8],
        "expected": 15,
        "hidden": True,
        "points": 2,
    },
]


@pytest.fixture
def submit(client):
    """Hand in an answer: `submit(learner, exercise_id, answer, wait=30)`."""

    def send(member, exercise_id, answer=GOOD, path="/submissions", wait=30, client=client, **fields):
        body = {"exercise_id": exercise_id, "answer": answer} | fields
        return client.post(f"{path}?wait={wait}", json=body, headers=member.headers)

    return send


def test_an_answer_is_graded_and_the_score_follows(app, client, submit, exercise_id, learner, score_of):
    answer = submit(learner, exercise_id)
    data = answer.json["data"]
    assert (answer.status_code, answer.headers["Location"]) == (201, f"/submissions/{data['id']}")
    wanted = {
        "user_id": learner.id,
        "exercise_id": exercise_id,
        "exercise_version": 1,
        "language": "python",
        "answer": GOOD,
        "state": "done",
        "verdict": "accepted",
        "points": 1,
        "max_points": 1,
    }
    assert data.items() >= wanted.items()
    assert data["isolation_level"] == judge_of(app).status().level
    assert data["limits"]["cpu_ms"] == 2000
    assert data["created_at"] <= data["started_at"] <= data["finished_at"]
    assert data["wall_ms"] > 0
    (case,) = data["cases"]
    assert (case["verdict"], case["points"], case["expected"]) == ("accepted", 1, None)
    assert client.get(f"/submissions/{data['id']}", headers=learner.headers).json["data"] == data
    assert (
        score_of(learner.id, exercise_id).items() >= {"correct": True, "points": 1, "submission_id": data["id"]}.items()
    )


def test_a_wrong_answer_is_wrong(submit, exercise_id, learner, score_of):
    assert submit(learner, exercise_id, WRONG).json["data"]["verdict"] == "wrong_answer"
    assert score_of(learner.id, exercise_id)["correct"] is False


@pytest.mark.parametrize("path", ["/submissions", "/evaluations"])
def test_learners_see_of_hidden_cases_how_they_ended_and_staff_see_all(submit, make_exercise, learner, grader, path):
    exercise_id = make_exercise(cases=CASES)
    shown, hidden = submit(learner, exercise_id, WRONG, path).json["data"]["cases"]
    assert (shown["expected"], shown["actual"]) == ("5", "-1")
    silent = {"expected": None, "actual": None, "output": "", "error": "", "tests": []}
    assert hidden.items() >= silent.items()
    assert (hidden["name"], hidden["verdict"], hidden["max_points"]) == ("secret", "wrong_answer", 2)
    _, hidden = submit(grader, exercise_id, WRONG, path).json["data"]["cases"]
    assert hidden["actual"] == "-1"


def test_an_evaluation_is_the_same_and_leaves_no_trace(submit, exercise_id, learner, rows):
    submitted = submit(learner, exercise_id).json["data"]
    everything = """
        SELECT (SELECT json_agg(t) FROM submissions AS t)::text AS a, (SELECT json_agg(t) FROM scores AS t)::text AS b,
               (SELECT json_agg(t) FROM score_changes AS t)::text AS c,
               (SELECT json_agg(t) FROM procrastinate_jobs AS t)::text AS d
    """
    before = rows(everything)
    evaluated = submit(learner, exercise_id, path="/evaluations")
    assert evaluated.status_code == 200
    assert rows(everything) == before
    own = {"id", "user_id", "state", "answer", "files", "created_at", "started_at", "finished_at"}
    assert set(evaluated.json["data"]) == (set(submitted) - own) | {"run"}  # of an input of the learner's own
    same = (
        "verdict",
        "points",
        "max_points",
        "isolation_level",
        "limits",
        "exercise_id",
        "exercise_version",
        "language",
    )
    assert [evaluated.json["data"][name] for name in same] == [submitted[name] for name in same]


def test_a_request_that_does_not_wait_gets_the_location(client, submit, exercise_id, learner):
    answer = submit(learner, exercise_id, SLOW, wait=0)
    data = answer.json["data"]
    assert (answer.status_code, data["state"], data["verdict"], data["cases"]) == (202, "running", None, None)

    def done():
        found = client.get(answer.headers["Location"], headers=learner.headers).json["data"]
        return found if found["state"] == "done" else None

    assert wait_for(done, "the verdict")["verdict"] == "accepted"


def test_without_a_free_slot_the_answer_waits_for_a_worker(submit, exercise_id, learner, all_slots, jobs, rows):
    answer = submit(learner, exercise_id, wait=0)
    assert (answer.status_code, answer.json["data"]["state"]) == (202, "queued")
    assert jobs() == [(answer.json["data"]["id"], 1)]


def test_without_a_free_slot_an_evaluation_is_put_off(submit, exercise_id, learner, all_slots):
    answer = submit(learner, exercise_id, path="/evaluations", wait=0)
    assert (answer.status_code, answer.json["status"]) == (503, "error")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_request_that_waits_for_a_worker_holds_no_thread(
    make_app, make_front, submit, exercise_id, learner, all_slots
):
    client = make_front(make_app(WEB_THREADS=1))
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(submit, learner, exercise_id, wait=1, client=client)
        statuses = set()
        while not waiting.done():
            statuses.add(client.get("/exercises").status_code)
        assert (statuses, waiting.result().status_code) == ({200}, 202)


def test_a_learner_has_one_submission_graded_at_a_time(submit, exercise_id, learner, rows):
    with ThreadPoolExecutor(4) as threads:
        barrier = threading.Barrier(4)

        def send(_):
            barrier.wait()
            return submit(learner, exercise_id, SLOW)

        answers = list(threads.map(send, range(4)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 429: 3}
    for answer in answers:
        if answer.status_code == 429:
            assert answer.json["status"] == "error"
            assert int(answer.headers["Retry-After"]) > 0
    assert len(rows("SELECT id FROM submissions WHERE user_id = :id", id=learner.id)) == 1


def test_a_refused_answer_gives_its_slot_back(submit, hand_in, exercise_id, learner, other):
    hand_in(learner.id, exercise_id, allowed=1)
    for _ in range(5):
        assert submit(learner, exercise_id).status_code == 429
    assert submit(other, exercise_id).status_code == 201


def test_staff_are_not_counted(make_app, submit, exercise_id, grader):
    client = make_app(RATELIMIT_ENABLED=True, RATE_LIMIT_GRADING="1 per hour").test_client()
    answers = [submit(grader, exercise_id, SLOW, wait=0, client=client) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {202}


def test_submissions_and_evaluations_share_one_limit(make_app, submit, exercise_id, learner, other, rows):
    client = make_app(RATELIMIT_ENABLED=True, RATE_LIMIT_GRADING="2 per hour").test_client()
    assert submit(learner, exercise_id, client=client).status_code == 201
    assert submit(learner, exercise_id, path="/evaluations", client=client).status_code == 200
    for path in ("/submissions", "/evaluations"):
        refused = submit(learner, exercise_id, path=path, client=client)
        assert (refused.status_code, refused.json["status"]) == (429, "error")
        assert 1 <= int(refused.headers["Retry-After"]) <= 3600
    assert len(rows("SELECT id FROM submissions WHERE user_id = :id", id=learner.id)) == 1
    assert submit(other, exercise_id, client=client).status_code == 201
