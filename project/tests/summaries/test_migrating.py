import flask_migrate
import sqlalchemy as sa

from project import db
from project.tests.servers import own_database

WRITES = (
    (
        "INSERT INTO scores (user_id, exercise_id, correct, created_at)"
        " SELECT n, 1, n < 4, '2026-11-01' FROM generate_series(1, 5) AS n"
    ),
    "UPDATE scores SET correct = false WHERE user_id IN (2, 3)",
    "UPDATE scores SET correct = true WHERE user_id IN (3, 4)",
)
FOUND = """
    SELECT s.user_id, s.solved_at = s.created_at AS from_the_start,
           s.solved_at = (
               SELECT min(recorded_at) FROM score_changes AS c WHERE c.score_id = s.id AND c.correct
           ) AS later
    FROM scores AS s ORDER BY s.user_id
"""


def test_what_was_there_is_summarized_by_what_the_ledger_knows(app, make_app):
    with own_database(app) as url, make_app(SQLALCHEMY_DATABASE_URI=url).app_context():
        flask_migrate.upgrade(revision="0004")
        for statement in WRITES:
            db.session.execute(sa.text(statement))
        db.session.commit()
        flask_migrate.upgrade()
        found = db.session.execute(sa.text(FOUND)).all()
        standings = db.session.execute(sa.text("SELECT user_id, solved FROM standings ORDER BY user_id")).all()
        learners = db.session.scalar(sa.text("SELECT sum(learners) FROM exercise_counts"))
        db.session.rollback()
    # 1 is solved from the start, so that nothing need be said; 2 and 3 were; 4 came later; 5 never was.
    assert found == [(1, None, None), (2, True, False), (3, None, None), (4, False, True), (5, None, None)]
    assert standings == [(1, 1), (3, 1), (4, 1)]
    assert learners == 5
