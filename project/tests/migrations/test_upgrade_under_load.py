"""A database is upgraded while servers of the earlier version go on writing: nothing is lost, and nobody waits long."""

import random
from collections import Counter

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from project import db
from project.cli.check import check
from project.config import ROOT
from project.tests.migrations.writers import writing
from project.tests.servers import wait_for

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]

REVISIONS = sorted(script.revision for script in ScriptDirectory(str(ROOT / "migrations")).walk_revisions())
FIRST_WITH_SUBMISSIONS = "0003"

# Three batches of the backfill of 0006, and learners whose scores came, went and came again.
SCORES = (
    """
    INSERT INTO scores (user_id, exercise_id, correct, created_at)
    SELECT u, e, (u + e) % 3 = 0, '2026-11-01' FROM generate_series(1, 2400) AS u, generate_series(1, 5) AS e
    """,
    "UPDATE scores SET correct = NOT correct WHERE user_id % 2 = 0",
    "UPDATE scores SET correct = NOT correct WHERE user_id % 4 = 0",
)
SUBMISSIONS = """
    INSERT INTO submissions (user_id, exercise_id, exercise_version, language, answer, state, verdict, finished_at)
    SELECT u, e, 1, 'python', 'x', 'done', 'wrong_answer', now()
    FROM generate_series(1, 2400) AS u, generate_series(1, 5) AS e
"""
LEDGER = sa.text("""
    SELECT user_id, exercise_id, submission_id FROM score_changes WHERE user_id >= 1000000
""")
ATTEMPTS = sa.text("SELECT user_id, exercise_id, attempts FROM scores WHERE user_id >= 1000000 AND attempts > 0")
UNFINISHED = sa.text("SELECT count(*) FROM submissions WHERE state <> 'done'")


def fill(revision):
    for statement in (*SCORES, *([SUBMISSIONS] if revision >= FIRST_WITH_SUBMISSIONS else [])):
        db.session.execute(sa.text(statement))
    db.session.commit()


def url():
    return db.engine.url.render_as_string(hide_password=False)


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_no_write_is_lost_doubled_or_refused_while_it_is_upgraded(empty, revision):
    seed = random.randrange(10**9)
    print(f"seed {seed}")  # noqa: T201 - pytest shows it when the test fails
    flask_migrate.upgrade(revision=revision)
    fill(revision)
    with writing(url(), seed, submits=revision >= FIRST_WITH_SUBMISSIONS) as writers:
        wait_for(lambda: all(writer.count() > 20 for writer in writers), "the first writes")
        flask_migrate.upgrade()
        done = [writer.count() for writer in writers]
        wait_for(lambda: all(w.count() > n for w, n in zip(writers, done, strict=True)), "writes after the upgrade")
    with db.engine.connect() as connection:
        ledger = connection.execute(LEDGER).all()
        attempts = {(row.user_id, row.exercise_id): row.attempts for row in connection.execute(ATTEMPTS)}
        unfinished = connection.scalar(UNFINISHED)
    reported = Counter((user, exercise) for user, exercise, submission in ledger if submission is None)
    finished = Counter((user, exercise, submission) for user, exercise, submission in ledger if submission)
    assert reported == Counter({(w.user_id, e): n for w in writers for e, n in w.reported.items()})
    assert finished == Counter((w.user_id, e, submission) for w in writers for submission, e in w.finished.items())
    assert attempts == Counter((w.user_id, e) for w in writers for e in w.finished.values())
    assert unfinished == 0
    empty.config["UNLISTED_REPORTS_COUNT"] = True  # the catalogue has none of these exercises
    result = empty.test_cli_runner().invoke(check)
    assert (result.exit_code, result.output) == (0, "0 differences\n")
