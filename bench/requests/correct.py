"""Checks of an implementation: its responses match its tables, and requests without a valid token are rejected."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import jwt
import psycopg
import urllib3
from psycopg.rows import dict_row

from bench.common.measure import BenchmarkError
from bench.requests import operations
from bench.requests.implementations import Running
from bench.requests.operations import Data, Request

SAMPLES = 20
TRIES = 5
RESPONSE_SECONDS = 60
REJECTED = frozenset({401, 403})
SUCCESS = frozenset({200, 201})
COLUMNS = "id, user_id, exercise_id, correct, source, points, max_points, attempts, created_at, updated_at"
TIMES = ("created_at", "updated_at")
TOLERANCE = dt.timedelta(milliseconds=1)  # the precision of JavaScript's times
BY_ID = f"SELECT {COLUMNS} FROM scores WHERE id = %s"  # noqa: S608 - constants, here and below
BY_USER = f"SELECT {COLUMNS} FROM scores WHERE user_id = %s ORDER BY id"  # noqa: S608
AFTER = f"SELECT {COLUMNS} FROM scores WHERE id > %s ORDER BY id LIMIT {operations.PAGE}"  # noqa: S608
SOLVED = f"""
    SELECT count(*) FILTER (WHERE correct) AS solved FROM scores
    GROUP BY user_id ORDER BY solved DESC LIMIT {operations.PAGE}
"""  # noqa: S608
SOLVED_BY = """
    SELECT user_id, count(*) FILTER (WHERE correct) AS solved FROM scores WHERE user_id = ANY (%s) GROUP BY user_id
"""
EXERCISES = f"SELECT id, exercise_body FROM exercises ORDER BY id LIMIT {operations.EXERCISES_PAGE}"  # noqa: S608
OTHER_KEY = "another key, of thirty-two bytes or more"


class Checker:
    """Compares an implementation's responses with the database. All methods raise `BenchmarkError`.

    `sizes` has the length of the shortest correct body of each operation. Under load, shorter bodies are wrong.
    """

    def __init__(self, running: Running, connection: psycopg.Connection, data: Data) -> None:
        self._running = running
        self._connection = connection
        self._data = data
        # A server may close a keep-alive connection at any time, and these requests may be repeated.
        retry = urllib3.Retry(TRIES, allowed_methods=None, status=0, redirect=0)
        self._pool = urllib3.PoolManager(retries=retry, timeout=RESPONSE_SECONDS)
        self.sizes: dict[str, int] = {}

    def check(self, operation: str) -> None:
        """Check one operation."""
        {
            operations.READ: self._check_read,
            operations.OWN: self._check_own,
            operations.WRITE: self._check_write,
            operations.LIST: self._check_list,
            operations.LEADERBOARD: self._check_leaderboard,
            operations.FLASK: self._check_exercises,
        }[operation]()

    def _check_read(self) -> None:
        for score_id in self._data.ids(SAMPLES):
            found = self._data_of(operations.READ, operations.read(score_id))
            self._compare([found], BY_ID, score_id)

    def _check_own(self) -> None:
        for learner in self._data.learners[:SAMPLES]:
            request = operations.read_own(learner["token"])
            found = self._data_of(operations.OWN, request)
            self._compare(found["scores"], BY_USER, learner["id"])
            self._check_rejected(request)

    def _check_list(self) -> None:
        for last in self._data.deep(SAMPLES):
            found = self._data_of(operations.LIST, operations.read_page(self._running.implementation.after(last)))
            self._compare(found["scores"], AFTER, last)

    def _check_write(self) -> None:
        for learner in self._data.learners[:SAMPLES]:
            score = self._rows(BY_USER, learner["id"])[0]
            request = operations.write(learner["token"], score["exercise_id"], correct=not score["correct"])
            self._check_rejected(request)
            if self._rows(BY_ID, score["id"]) != [score]:
                raise BenchmarkError("a rejected request has changed a score")
            found = self._data_of(operations.WRITE, request)
            if (found["id"], found["correct"]) != (score["id"], not score["correct"]):
                raise BenchmarkError(f"the response to {request.body} was {found}")
            read = self._data_of(operations.READ, operations.read(score["id"]))
            if read["correct"] is score["correct"]:
                raise BenchmarkError("a read does not return what was written")
            self._compare([read], BY_ID, score["id"])

    def _check_leaderboard(self) -> None:
        found = self._data_of(operations.LEADERBOARD, operations.read_leaderboard())
        (rows,) = (value for value in found.values() if isinstance(value, list))
        solved, expected = [row["solved"] for row in rows], [row["solved"] for row in self._rows(SOLVED)]
        if solved != expected:
            raise BenchmarkError(f"the leaderboard has {solved}, and the scores {expected}")
        # The order of learners with the same count is not defined.
        by_user = {row["user_id"]: row["solved"] for row in rows}
        counted = {row["user_id"]: row["solved"] for row in self._rows(SOLVED_BY, list(by_user))}
        if by_user != counted:
            raise BenchmarkError(f"the leaderboard has {by_user}, and the scores {counted}")

    def _check_exercises(self) -> None:
        found = self._data_of(operations.FLASK, operations.read_exercises())["exercises"]
        expected = self._rows(EXERCISES)
        if [{name: row[name] for name in ("id", "exercise_body")} for row in found] != expected:
            raise BenchmarkError(f"the response has {found[:2]} …, and the database {expected[:2]} …")

    def _check_rejected(self, request: Request) -> None:
        claims = jwt.decode(request.token, options={"verify_signature": False})
        forged = jwt.encode(claims, OTHER_KEY, "HS256")
        for token in ("", forged):
            status = self._send(replace(request, token=token)).status
            if status not in REJECTED:
                kind = "a forged" if token else "no"
                raise BenchmarkError(f"{request.method} {request.path} with {kind} token: {status}")

    def _data_of(self, operation: str, request: Request) -> Any:
        response = self._send(request)
        if response.status not in SUCCESS:
            raise BenchmarkError(f"{request.method} {request.path}: {response.status} {response.data[:200]!r}")
        self.sizes[operation] = min(len(response.data), self.sizes.get(operation, len(response.data)))
        return json.loads(response.data)["data"]

    def _send(self, request: Request) -> urllib3.BaseHTTPResponse:
        headers = {"Authorization": f"Bearer {request.token}"} if request.token else {}
        if request.body:
            headers["Content-Type"] = "application/json"
        address = f"{self._running.url}{request.path}"
        return self._pool.request(request.method, address, body=request.body or None, headers=headers)

    def _rows(self, statement: str, *values: object) -> list[dict[str, Any]]:
        with self._connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(statement.encode(), values).fetchall()

    def _compare(self, found: list[Mapping[str, Any]], statement: str, *values: object) -> None:
        rows = self._rows(statement, *values)
        if len(found) != len(rows) or not all(map(_is_same, found, rows)):
            raise BenchmarkError(f"the response has {found[:2]} …, and the database {rows[:2]} …")

    def close(self) -> None:
        """Close the connections to the implementation."""
        self._pool.clear()


@contextmanager
def checker(running: Running, connection: psycopg.Connection, data: Data) -> Iterator[Checker]:
    """Return a checker that is closed after the block."""
    made = Checker(running, connection, data)
    try:
        yield made
    finally:
        made.close()


def _is_same(found: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    return all(
        abs(dt.datetime.fromisoformat(found[name]) - value) <= TOLERANCE if name in TIMES else found[name] == value
        for name, value in row.items()
    )
