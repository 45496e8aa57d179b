"""The queue is fair: learners who have used much of the grading time recently come after others."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import pytest

from project import db
from project.api.submissions import grading, preemption, usage
from project.api.submissions.handing_in import hand_in as submit
from project.judging.problems import NOTHING
from project.postgres.prepared import run_in_session
from project.tests.servers import wait_for
from project.tests.submissions.conftest import GOOD, judgement
from project.web.auth import TokenHolder
from project.web.roles import Role

HOME, SCHOOL = "192.0.2.7", "198.51.100.1"


@pytest.fixture
def spend(app):
    """Use slots of grading: `spend(learner.id, seconds)`."""

    def do(user_id, seconds, address=""):
        with app.app_context():
            usage.add(usage.Sender(user_id, address), seconds * 1000)

    return do


@pytest.fixture
def enqueue(app, exercise_id):
    """Queue a submission, and return its id: `enqueue(learner.id, "192.0.2.7")`."""

    def do(user_id, address=""):
        with app.app_context():
            content = {"exercise_id": exercise_id, "language": None, "answer": GOOD, "files": NOTHING}
            holder = TokenHolder(user_id, "", Role.LEARNER)
            handed = submit(
                run_in_session,
                holder,
                content,
                languages=["python"],
                allowed=1,
                lease=None,
                queue_seconds=900,
                address=address,
            )
            grading.queue(handed.id, 1, handed.priority, handed.address)
            db.session.commit()
            return handed.id

    return do


@pytest.fixture
def setback(rows):
    """Return by how many seconds a key is set back."""
    statement = "SELECT extract(epoch FROM ends_at - clock_timestamp()) AS left FROM rate_limits WHERE key = :key"
    return lambda key: next((float(row["left"]) for row in rows(statement, key=key)), 0.0)


@pytest.fixture
def post(app, exercise_id):
    """Hand in a right answer, or try it: `post(learner)`."""

    def send(member, path="/submissions?wait=30", client=None, address=HOME):
        body = {"exercise_id": exercise_id, "answer": GOOD}
        return (client or app.test_client()).post(
            path, json=body, headers=member.headers, environ_overrides={"REMOTE_ADDR": address}
        )

    return send


def queued(jobs):
    return [number for number, _ in jobs()]


def test_learners_who_have_used_more_come_later(spend, enqueue, jobs):
    spend(1, 30)
    spend(2, 3)
    order = [enqueue(1), enqueue(2), enqueue(3)]
    assert queued(jobs) == order[::-1]


def test_learners_who_have_used_the_same_keep_their_order(enqueue, jobs):
    order = [enqueue(user) for user in (3, 1, 2)]
    assert queued(jobs) == order


def test_used_time_counts_less_with_time(spend, enqueue, jobs, change):
    spend(1, 30)
    change("UPDATE rate_limits SET ends_at = ends_at - interval '1 hour'")
    order = [enqueue(1), enqueue(2)]
    assert queued(jobs) == order


def test_learners_of_an_address_are_set_back_a_little_by_each_other(spend, enqueue, jobs):
    for classmate in range(10, 20):
        spend(classmate, 3, SCHOOL)
    spend(4, 3, HOME)
    greedy, pupil, new = enqueue(4, HOME), enqueue(5, SCHOOL), enqueue(6, "203.0.113.9")
    assert queued(jobs) == [new, pupil, greedy]


def test_a_network_of_ipv6_is_one_address():
    keys = {usage.Sender(1, address).keys()["address_key"] for address in ("2001:db8::1", "2001:db8::ffff:2")}
    assert len(keys) == 1
    assert usage.Sender(1, "2001:db8:0:1::1").keys()["address_key"] not in keys


def test_recording_adds_the_time_of_the_slot(hand_in, record, setback, exercise_id, learner):
    handed = hand_in(learner.id, exercise_id)
    claimed = dataclasses.replace(handed.claimed, address=HOME)
    assert record(claimed, dataclasses.replace(judgement(5), wall_ms=2000.0))
    assert 0 < setback(f"usage:user:{learner.id}") <= 2 * usage.USER_SETBACK
    assert 0 < setback(f"usage:address:{HOME}") <= 2 * usage.ADDRESS_SETBACK
    assert record(claimed, judgement(5)) is None


def test_a_setback_has_a_maximum(spend, setback):
    for _ in range(3):
        spend(1, usage.LONGEST_SETBACK)
    assert setback("usage:user:1") <= usage.LONGEST_SETBACK


def test_quick_answers_add_as_much_on_average(monkeypatch):
    draws = iter(range(100))
    monkeypatch.setattr("random.random", lambda: next(draws) / 100)
    spent = [usage.used(usage.Sender(1), 10)["slot_seconds"] for _ in range(100)]
    assert sum(spent) == pytest.approx(100 * 0.01)


def test_the_job_has_the_address_of_the_submission(enqueue, rows, claim):
    number = enqueue(1, HOME)
    (job,) = rows("SELECT args FROM procrastinate_jobs")
    assert job["args"] == {"submission_id": number, "run": 1, "address": HOME}


@pytest.mark.parametrize("hot", [True, False])
def test_learners_who_have_used_much_are_queued_while_others_wait(
    make_app, make_front, spend, enqueue, post, rows, learner, other, hot
):
    client = make_front(make_app(HOT_PATH=hot, RATELIMIT_ENABLED=True, RATE_LIMIT_GRADING="1 per hour"))
    spend(learner.id, 30)
    enqueue(900)
    behind, first = post(learner, client=client), post(other, client=client)
    assert (behind.status_code, behind.json["data"]["state"]) == (202, "queued")
    assert first.status_code == 201, first.json
    assert first.json["data"]["verdict"] == "accepted"
    assert post(learner, client=client).status_code == 429  # counted once


def test_learners_who_have_used_much_are_graded_at_once_if_no_one_waits(spend, post, learner):
    spend(learner.id, 3000)
    assert post(learner).status_code == 201


def test_an_evaluation_of_a_learner_who_has_used_much_is_refused_while_others_wait(
    spend, enqueue, post, learner, other
):
    spend(learner.id, 30)
    assert post(learner, "/evaluations").status_code == 200
    enqueue(900)
    refused = post(learner, "/evaluations")
    assert (refused.status_code, "Retry-After" in refused.headers) == (503, True)
    assert post(other, "/evaluations").status_code == 200


def test_evaluations_are_counted(monkeypatch, post, setback, learner):
    monkeypatch.setattr("random.random", lambda: 0.0)
    post(learner, "/evaluations")
    assert setback(f"usage:user:{learner.id}") > 0


STOOD = "UPDATE submissions SET queued_at = queued_at - interval '1 hour' WHERE id = :id"


@pytest.mark.usefixtures("all_slots")
def test_a_stalled_queue_accepts_no_more_submissions(enqueue, post, change, rows, learner):
    change(STOOD, id=enqueue(900))
    refused = post(learner, "/submissions?wait=0")
    assert (refused.status_code, refused.json["status"], "Retry-After" in refused.headers) == (503, "error", True)
    assert rows("SELECT FROM submissions WHERE user_id = :id", id=learner.id) == []


@pytest.mark.usefixtures("all_slots")
def test_submissions_that_go_before_the_stalled_ones_are_accepted(spend, enqueue, post, change, learner):
    spend(900, 60)
    change(STOOD, id=enqueue(900))
    assert post(learner, "/submissions?wait=0").status_code == 202


NAP = "import time\ndef add(a, b):\n    time.sleep(0.6)\n    return a + b\n"
MANY_NAPS = [{"name": str(nap), "kind": "stdout", "code": "print(add(2, 3))", "expected": "5"} for nap in range(9)]


@pytest.fixture
def begin(hand_in, finish, learner, exercise_id, app):
    """Hand in a slow answer and judge it as the first run; return the submission's id and what `finish` returns."""

    def do(answer=NAP, app=app):
        handed = hand_in(learner.id, exercise_id, answer=answer, app=app)
        return handed.id, finish(dataclasses.replace(handed.claimed, address=HOME), app)

    return do


@pytest.fixture
def state(rows):
    def read(submission_id):
        (row,) = rows("SELECT state, verdict, run FROM submissions WHERE id = :id", id=submission_id)
        return row["state"], row["verdict"], row["run"]

    return read


def test_a_long_first_run_is_preempted_by_a_submission_that_goes_first(
    begin, enqueue, jobs, state, setback, learner, claim
):
    quick = enqueue(900)
    slow, found = begin()
    assert found is None
    assert state(slow) == ("queued", None, 1)
    assert jobs() == [(quick, 1), (slow, 2)]
    # As long as it had the slot.
    assert setback(f"usage:user:{learner.id}") > preemption.FIRST_RUN_SECONDS * usage.USER_SETBACK * 0.9
    assert setback(f"usage:address:{HOME}") > 0
    assert claim(slow, 2).run == 2


def test_a_long_run_goes_on_if_no_submission_goes_first(begin, enqueue, spend, state):
    spend(900, 600)
    enqueue(900)
    slow, found = begin()
    assert found["verdict"] == "accepted"
    assert state(slow) == ("done", "accepted", 1)


def test_a_second_run_is_not_preempted(begin, enqueue, claim, finish, state):
    enqueue(900)
    slow, _ = begin()
    assert finish(claim(slow, 2))["verdict"] == "accepted"
    assert state(slow) == ("done", "accepted", 2)


def test_no_run_is_preempted_where_a_submission_has_only_one(make_app, begin, enqueue, state):
    enqueue(900)
    slow, _ = begin(app=make_app(GRADING_MAX_RUNS=1))
    assert state(slow)[:2] == ("done", "accepted")


def test_short_waits_in_many_cases_are_one_long_run(make_exercise, hand_in, finish, enqueue, learner, state):
    enqueue(900)
    number = make_exercise(test_code=None, test_code_solution=None, cases=MANY_NAPS)
    handed = hand_in(learner.id, number, answer=NAP.replace("0.6", "0.2"))
    assert finish(handed.claimed) is None
    assert state(handed.id)[0] == "queued"


def test_a_run_goes_on_where_the_queue_cannot_be_read(enqueue, hand_in, finish, change, learner, exercise_id):
    enqueue(900)
    handed = hand_in(learner.id, exercise_id, answer=NAP)
    change("ALTER TABLE procrastinate_jobs RENAME COLUMN priority TO away")
    try:
        assert finish(handed.claimed)["verdict"] == "accepted"
    finally:
        change("ALTER TABLE procrastinate_jobs RENAME COLUMN away TO priority")


def test_a_run_that_was_given_up_is_not_queued_again(hand_in, app, change, learner, exercise_id, jobs):
    handed = hand_in(learner.id, exercise_id)
    change("UPDATE submissions SET run = 2 WHERE id = :id", id=handed.id)
    with app.app_context():
        grading.put_back(handed.claimed, 0.5)
        db.session.commit()
    assert jobs() == []


@pytest.mark.parametrize("hot", [True, False])
def test_a_request_waits_for_a_submission_that_was_queued_again(
    make_app, make_front, enqueue, exercise_id, learner, jobs, claim, finish, hot
):
    quick = enqueue(900)
    app = make_app(HOT_PATH=hot)
    client = make_front(app)
    body = {"exercise_id": exercise_id, "answer": NAP}
    with ThreadPoolExecutor(1) as others:
        sent = others.submit(client.post, "/submissions?wait=30", json=body, headers=learner.headers)
        (slow,) = wait_for(lambda: {number for number, _ in jobs()} - {quick}, "the submission to be put back")
        finish(claim(slow, 2), app)
        answered = sent.result()
    assert (answered.status_code, answered.json["data"]["verdict"]) == (201, "accepted")
