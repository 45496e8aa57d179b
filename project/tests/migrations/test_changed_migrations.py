"""Migrations that were edited after they had landed: what the first ones made and what today's make is the same."""

import flask_migrate
import sqlalchemy as sa

from project import db
from project.tests.catalog import schema
from project.tests.servers import own_database

RELOCKED = ("0006_summaries.py", "0007_own_pages.py")
FIRST_0009 = ("0009_rank_blocks.py", "0009_rank_blocks.sql")
# Scores that were solved at once, later, taken away, given back, deleted and added anew, each by several learners.
WRITES = (
    """
    INSERT INTO scores (user_id, exercise_id, correct, created_at, attempts)
    SELECT u, e, (u + e) % 3 = 0, timestamptz '2026-11-01' + u * interval '1 minute', u % 4
    FROM generate_series(1, 40) AS u, generate_series(1, 7) AS e
    """,
    "UPDATE scores SET correct = NOT correct WHERE user_id % 5 = 0",
    "UPDATE scores SET correct = NOT correct WHERE user_id % 10 = 0",
    "UPDATE scores SET correct = true WHERE user_id % 7 = 0",
    "DELETE FROM scores WHERE user_id % 11 = 0",
    "INSERT INTO scores (user_id, exercise_id, correct) SELECT 22, e, true FROM generate_series(1, 4) AS e",
)
KEPT = (
    """
    SELECT user_id, exercise_id, correct, change_id, source, updated_at = created_at, solved_at IS NULL,
           solved_at = created_at,
           solved_at = (SELECT min(recorded_at) FROM score_changes AS c WHERE c.score_id = s.id AND c.correct)
    FROM scores AS s
    """,
    "SELECT score_id, action, correct, id FROM score_changes",
    "SELECT board_id, user_id, solved FROM standings",
    "SELECT board_id, learners FROM rank_ranges",
    "SELECT * FROM exercise_counts",
    "SELECT n FROM pending_changes",
)


def write():
    db.session.execute(sa.text("ALTER SEQUENCE scores_id_seq RESTART"))
    for statement in WRITES:
        db.session.execute(sa.text(statement))
    db.session.commit()


def content():
    rows = [sorted(map(tuple, db.session.execute(sa.text(query))), key=repr) for query in KEPT]
    db.session.rollback()
    return rows


def test_0006_and_0007_make_what_they_made_when_they_landed(app, make_app, upgrade_as_landed):
    made = []
    for upgrade in (flask_migrate.upgrade, lambda revision: upgrade_as_landed(revision, *RELOCKED)):
        with own_database(app) as url, make_app(SQLALCHEMY_DATABASE_URI=url).app_context():
            flask_migrate.upgrade(revision="0005")
            write()
            upgrade(revision="0007")
            made.append((schema(), content()))
    now, landed = made
    assert all(now[1][:5])
    assert now == landed


def test_a_database_that_the_first_0009_made_gets_todays_functions(app, make_app, upgrade_as_landed):
    made = []
    for upgrade in (flask_migrate.upgrade, lambda revision: upgrade_as_landed(revision, *FIRST_0009)):
        with own_database(app) as url, make_app(SQLALCHEMY_DATABASE_URI=url).app_context():
            flask_migrate.upgrade(revision="0005")
            write()
            upgrade(revision="0009")
            before = schema()
            flask_migrate.upgrade()
            made.append((before, schema()))
    (before, after), (first_before, first_after) = made
    assert before["functions"] != first_before["functions"]
    assert after == first_after
