"""Scores, ledger and submissions stay consistent while many submissions are graded at once, and processes fail."""

import random
import threading
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psycopg
import pytest
import sqlalchemy as sa

from project import db
from project.judging.verdicts import Verdict
from project.tests.submissions.conftest import MAX_POINTS, judgement

USERS, THREADS, EACH = 4, 6, 30
POLICIES = ("best", "latest", "first")
KILL_ONE = sa.text("""
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'eval-service' AND pid <> pg_backend_pid()
    ORDER BY state = 'idle', random() LIMIT 1
""")


def any_judgement():
    if random.random() < 0.1:
        return judgement(0, Verdict.SANDBOX_ERROR)
    return judgement(random.choice([0, 3, 7, MAX_POINTS]))


@pytest.fixture
def chaos(shared_app, make_app, make_exercise, hand_in, record, sweep, claim, jobs, change):
    """Grade many submissions at once, while connections are killed; then let workers grade what was lost."""
    app = make_app(WEB_THREADS=THREADS + 2)
    exercises = {make_exercise(policy=policy): policy for policy in POLICIES}
    over = threading.Event()

    def grade_some(_):
        for _ in range(EACH):
            with suppress(sa.exc.DBAPIError, psycopg.Error):
                handed = hand_in(random.randint(1, USERS), random.choice(list(exercises)), app=app)
                if random.random() < 0.9:  # or its process ends here
                    record(handed.claimed, any_judgement(), app=app)

    def kill():
        killed = 0
        with (
            shared_app.app_context(),
            db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        ):
            while not over.is_set():
                killed += bool(connection.scalar(KILL_ONE))
                over.wait(0.01)
        return killed

    with ThreadPoolExecutor(THREADS + 1) as threads:
        killer = threads.submit(kill)
        try:
            list(threads.map(grade_some, range(THREADS)))
        finally:
            over.set()
        assert killer.result() > 0
    change("UPDATE submissions SET leased_until = now() - interval '1 minute' WHERE state = 'running'")
    sweep()
    for submission_id, run in jobs():
        record(claim(submission_id, run), any_judgement())
    return exercises


def expected_score(policy, counted):
    """Return correct and points, from the submissions that count, by id."""
    results = [(one["verdict"] == "accepted", one["points"]) for one in counted]
    return {"best": max(results), "latest": results[-1], "first": results[0]}[policy]


def test_scores_match_the_ledger_and_the_submissions(chaos, rows):
    exercises = chaos
    assert rows("SELECT id FROM submissions WHERE state <> 'done'") == []
    counted, entries = defaultdict(list), defaultdict(list)
    of_theirs = "SELECT * FROM submissions WHERE user_id <= :last AND verdict <> 'sandbox_error' ORDER BY id"
    for one in rows(of_theirs, last=USERS):
        counted[one["user_id"], one["exercise_id"]].append(one)
    for one in rows("SELECT * FROM score_changes WHERE submission_id IS NOT NULL ORDER BY id"):
        entries[one["user_id"], one["exercise_id"]].append(one)
    found = rows("SELECT * FROM scores WHERE user_id <= :last", last=USERS)
    scores = {(one["user_id"], one["exercise_id"]): one for one in found}
    assert scores.keys() == counted.keys() == entries.keys()
    for pair, score in scores.items():
        assert sorted(entry["submission_id"] for entry in entries[pair]) == [one["id"] for one in counted[pair]]
        assert [entry["attempts"] for entry in entries[pair]] == list(range(1, len(counted[pair]) + 1))
        last = entries[pair][-1]
        same = ("correct", "points", "max_points", "attempts", "submission_id", "source")
        assert [score[name] for name in same] == [last[name] for name in same]
        assert last["id"] == score["change_id"]
        assert (score["correct"], score["points"]) == expected_score(exercises[pair[1]], counted[pair])
