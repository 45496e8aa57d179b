"""The large database of these tests, made once, and the service on it."""

import itertools
from dataclasses import dataclass, field

import flask_migrate
import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask

from project import create_app, db
from project.api.leaderboard.schemas import BoardPosition, encode_position
from project.api.schemas import encode_cursor
from project.api.summaries.plpgsql import FOLD_LOCK
from project.api.users.tokens import issue_token
from project.postgres.database import dispose_all
from project.postgres.job_queue import conninfo
from project.tests.plans import large
from project.tests.plans.plan import do
from project.tests.plans.recording import statements_of
from project.tests.servers import own_database

LEARNER = 4001
KNOWN = f"""
    SELECT max(s.id) AS score, max(p.id) AS submission, max(s.exercise_id) AS exercise,
           (SELECT max(id) FROM scores WHERE user_id = {large.BUSY}) - 500 AS late,
           (SELECT min(id) FROM submissions WHERE state = 'queued') AS queued,
           (SELECT min(id) FROM submissions WHERE state = 'running') AS running
    FROM scores AS s JOIN submissions AS p USING (user_id, exercise_id) WHERE s.user_id = {LEARNER}
"""
MIDDLE = "SELECT -solved, reached_at, user_id FROM standings WHERE board_id = 0 ORDER BY solved OFFSET 4000 LIMIT 1"


@dataclass
class Site:
    """The service on a large database: what is known of its rows, and a connection for plans."""

    app: Flask
    connection: psycopg.Connection
    known: dict
    tokens: dict
    numbers: itertools.count = field(default_factory=itertools.count)

    def call(self, request, body=None, who="learner", **headers):
        """Send a request such as "GET /scores/{score}", where {score} and others are filled in."""
        method, address = request.format(**self.known).split(" ")
        body = body and {name: self.known.get(value, value) for name, value in body.items()}
        headers = {name: f"{value} {next(self.numbers)}" for name, value in headers.items()}
        token = {"Authorization": f"Bearer {self.tokens[who]}"}
        answer = self.app.test_client().open(address, method=method, json=body, headers=token | headers)
        assert answer.status_code < 300, answer.text

    def done_for(self, monkeypatch, mode, work):
        """Return what the database does for the statements that are sent while `work()` runs."""
        with statements_of(self.app, monkeypatch) as sent:
            work()
            db.session.rollback()
        assert sent
        return do(self.connection, sent, mode)


@pytest.fixture(scope="module")
def site(shared_app):
    with own_database(shared_app) as url:
        app = create_app(SQLALCHEMY_DATABASE_URI=url, RATELIMIT_ENABLED=True)
        with app.app_context(), psycopg.connect(conninfo(url)) as connection:
            flask_migrate.upgrade()
            _fill(connection)
            tokens = {"learner": issue_token(LEARNER), "busy": issue_token(large.BUSY), "admin": issue_token(1)}
            known = db.session.execute(sa.text(KNOWN)).mappings().one()
            place = BoardPosition(*db.session.execute(sa.text(MIDDLE)).one())
            db.session.remove()
            cursors = {"deep": encode_cursor(150_000), "late": encode_cursor(known["late"])}
            yield Site(app, connection, {**known, **cursors, "place": encode_position(place), "set": large.SET}, tokens)
        dispose_all()


def _fill(connection):
    """Write the rows. Some changes stay pending: this connection alone may fold them."""
    connection.execute("SET synchronous_commit = off")
    connection.execute(large.FILL)
    connection.commit()
    connection.execute(f"SELECT pg_advisory_lock({FOLD_LOCK})")
    connection.commit()
    with psycopg.connect(connection.info.dsn) as writer:
        writer.execute(large.PENDING)
    connection.autocommit = True
    connection.execute("VACUUM (ANALYZE)")
    connection.autocommit = False
