"""Claims and leases of submissions, and the recovery of those that were lost."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from procrastinate.exceptions import ConnectorException

from project.api.submissions import queries
from project.judging.verdicts import Verdict
from project.tests.submissions.conftest import judgement

CALLERS = 8


@pytest.fixture
def at_once():
    """Call a function in many threads at the same moment; return its results."""
    with ThreadPoolExecutor(CALLERS) as threads:

        def run(call):
            barrier = threading.Barrier(CALLERS)

            def one(_):
                barrier.wait()
                return call()

            return list(threads.map(one, range(CALLERS)))

        yield run


@pytest.fixture
def submission(rows):
    """Read one submission."""
    return lambda submission_id: rows("SELECT * FROM submissions WHERE id = :id", id=submission_id)[0]


@pytest.fixture
def age(change):
    """Let time pass for a submission: its lease ends, and it has waited for as long."""
    statement = """
        UPDATE submissions
        SET leased_until = leased_until - make_interval(secs => :s), queued_at = queued_at - make_interval(secs => :s)
        WHERE id = :id
    """
    return lambda submission_id, seconds: change(statement, id=submission_id, s=seconds)


@pytest.mark.parametrize("allowed", [1, 3])
def test_of_concurrent_answers_as_many_are_accepted_as_may_be_pending(hand_in, exercise_id, learner, at_once, allowed):
    for expected in (allowed, 0, 0):
        taken = at_once(lambda: hand_in(learner.id, exercise_id, allowed=allowed))
        assert len([one for one in taken if one]) == expected


def test_the_places_of_learners_are_separate(hand_in, exercise_id, learner, other):
    assert hand_in(learner.id, exercise_id, allowed=1)
    assert hand_in(other.id, exercise_id, allowed=1)
    assert not hand_in(learner.id, exercise_id, allowed=1)


def test_a_place_is_free_when_the_submission_is_done(hand_in, record, exercise_id, learner):
    handed = hand_in(learner.id, exercise_id, allowed=1)
    record(handed.claimed, judgement(10))
    assert hand_in(learner.id, exercise_id, allowed=1)


def test_a_queued_submission_is_claimed_once(hand_in, claim, exercise_id, learner, at_once, jobs):
    handed = hand_in(learner.id, exercise_id, queued=True)
    assert jobs() == [(handed.id, 1)]
    taken = at_once(lambda: claim(handed.id, 1))
    assert Counter(run is not None for run in taken) == {True: 1, False: CALLERS - 1}


def test_a_run_that_is_not_due_is_not_claimed(hand_in, claim, exercise_id, learner):
    handed = hand_in(learner.id, exercise_id, queued=True)
    assert claim(handed.id, 2) is None
    assert claim(handed.id, 0) is None
    assert claim(handed.id + 1000, 1) is None
    assert claim(handed.id, 1)
    assert claim(handed.id, 1) is None


def test_a_running_submission_is_left_alone_until_its_lease_is_over(
    hand_in, sweep, age, exercise_id, learner, submission, jobs
):
    handed = hand_in(learner.id, exercise_id)
    assert sweep() == 0
    age(handed.id, 3600)
    assert sweep() == 1
    assert (submission(handed.id)["state"], jobs()) == ("queued", [(handed.id, 2)])
    assert sweep() == 0


def test_a_run_that_was_given_up_writes_nothing(
    hand_in, sweep, age, claim, record, exercise_id, learner, score_of, ledger_of
):
    handed = hand_in(learner.id, exercise_id)
    age(handed.id, 3600)
    sweep()
    assert record(handed.claimed, judgement(10)) is None
    second = claim(handed.id, 2)
    assert record(handed.claimed, judgement(10)) is None
    assert score_of(learner.id, exercise_id) is None
    assert record(second, judgement(3))["verdict"] == Verdict.WRONG_ANSWER
    assert record(second, judgement(10)) is None
    assert [entry["points"] for entry in ledger_of(learner.id, exercise_id)] == [3]


def test_a_submission_that_was_lost_too_often_ends_visibly(
    hand_in, sweep, age, claim, exercise_id, learner, submission, score_of
):
    handed = hand_in(learner.id, exercise_id)
    for run in (2, 3):
        age(handed.id, 3600)
        sweep()
        assert claim(handed.id, run)
    age(handed.id, 3600)
    assert sweep() == 1
    ended = submission(handed.id)
    assert (ended["state"], ended["verdict"], ended["run"]) == ("done", "sandbox_error", 3)
    assert ended["finished_at"] is not None
    assert score_of(learner.id, exercise_id) is None
    assert sweep() == 0


def test_a_submission_that_no_worker_claims_stays_queued(hand_in, sweep, age, exercise_id, learner, submission):
    handed = hand_in(learner.id, exercise_id, queued=True)
    age(handed.id, 86_400)
    assert sweep() == 0
    assert (submission(handed.id)["state"], submission(handed.id)["verdict"]) == ("queued", None)


def test_a_submission_without_a_job_gets_another(hand_in, sweep, age, change, exercise_id, learner, jobs):
    handed = hand_in(learner.id, exercise_id, queued=True)
    change("DELETE FROM procrastinate_jobs")
    assert (sweep(), jobs()) == (0, [])  # it may be on its way into a worker
    age(handed.id, 60)
    assert (sweep(), jobs()) == (1, [(handed.id, 1)])
    assert sweep() == 0


def test_lost_submissions_go_first(hand_in, sweep, age, exercise_id, learner, other, jobs):
    lost = hand_in(learner.id, exercise_id)
    waiting = hand_in(other.id, exercise_id, queued=True)
    age(lost.id, 3600)
    sweep()
    assert jobs() == [(lost.id, 2), (waiting.id, 1)]


def test_sweeps_at_once_move_each_submission_once(hand_in, sweep, age, exercise_id, learner, at_once, jobs):
    ids = [hand_in(learner.id, exercise_id).id for _ in range(5)]
    for submission_id in ids:
        age(submission_id, 3600)
    assert sum(at_once(sweep)) == len(ids)
    assert sorted(jobs()) == [(submission_id, 2) for submission_id in ids]


SWEEPS = ("GIVE_UP", "REQUEUE", "FORGOTTEN", "WAITING")


@pytest.mark.parametrize("name", SWEEPS)
def test_a_sweep_does_not_read_finished_submissions(change, rows, exercise_id, name):
    change(
        "INSERT INTO submissions (user_id, exercise_id, exercise_version, language, answer, state, verdict) "
        "SELECT number, :id, 1, 'python', '', 'done', 'accepted' FROM generate_series(1, 3000) AS number",
        id=exercise_id,
    )
    change("ANALYZE submissions")
    statement = getattr(queries, name).text
    values = {"user_id": None, "max_runs": 3, "seconds": 20}
    taken = {key: value for key, value in values.items() if f":{key}" in statement}
    plan = [row["QUERY PLAN"] for row in rows(f"EXPLAIN {statement}", **taken)]
    assert not [line for line in plan if "Seq Scan on submissions" in line]


def test_a_sweep_may_be_for_one_learner(hand_in, sweep, age, exercise_id, learner, other, submission):
    ids = [hand_in(who.id, exercise_id).id for who in (learner, other)]
    for submission_id in ids:
        age(submission_id, 3600)
    assert sweep(learner.id) == 1
    assert [submission(submission_id)["state"] for submission_id in ids] == ["queued", "running"]


def test_a_submission_whose_job_cannot_be_queued_is_not_stored(change, hand_in, exercise_id, learner, rows):
    change("ALTER TABLE procrastinate_jobs ADD CONSTRAINT ck_nothing CHECK (false) NOT VALID")
    try:
        with pytest.raises(ConnectorException):
            hand_in(learner.id, exercise_id, queued=True)
    finally:
        change("ALTER TABLE procrastinate_jobs DROP CONSTRAINT ck_nothing")
    assert rows("SELECT id FROM submissions WHERE user_id = :id", id=learner.id) == []
