"""The measured operations. Their requests are random, drawn beforehand, and the same for all implementations."""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.requests.data import EXERCISES

SEED = 2017
DRAWN = 20_000  # random requests for an operation
PAGE, EXERCISES_PAGE = 50, 20
READ, OWN, WRITE, LIST, LEADERBOARD, FLASK = "R1", "R2", "W1", "L1", "A1", "F1"
HOT = (READ, OWN, LIST, WRITE)

PageParameter = Callable[[int], str]  # of a URL, for the page after that row


@dataclass(frozen=True, slots=True)
class Request:
    """A request; an empty token or body is not sent."""

    method: str
    path: str
    token: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Data:
    """The data in the database: scores with ids from 1 to `rows`, and the learners whose tokens are used."""

    rows: int
    learners: Sequence[dict[str, Any]]

    def ids(self, count: int) -> list[int]:
        """Draw ids of scores."""
        return _random().choices(range(1, self.rows + 1), k=count)

    def deep(self, count: int) -> list[int]:
        """Draw ids in the table's second half, after which there is a complete page."""
        return _random().choices(range(self.rows // 2, self.rows - 2 * PAGE), k=count)


@dataclass(frozen=True, slots=True)
class Operation:
    """A measured operation."""

    name: str
    title: str
    draw: Callable[[Data, PageParameter], Iterator[Request]]


def read(score_id: int) -> Request:
    """Return the request for one score."""
    return Request("GET", f"/scores/{score_id}")


def read_own(token: str) -> Request:
    """Return the request for one's own scores."""
    return Request("GET", "/scores/user", token)


def read_page(after: str) -> Request:
    """Return the request for a page of all scores; `after` is the query parameter of its start."""
    return Request("GET", f"/scores?limit={PAGE}&{after}")


def read_leaderboard() -> Request:
    """Return the request for the leaderboard."""
    return Request("GET", f"/leaderboard?limit={PAGE}")


def read_exercises() -> Request:
    """Return the request for the first exercises."""
    return Request("GET", f"/exercises?limit={EXERCISES_PAGE}")


def write(token: str, exercise_id: int, *, correct: bool) -> Request:
    """Return the request that records a score."""
    return Request("PATCH", "/scores", token, json.dumps({"exercise_id": exercise_id, "correct": correct}))


def _draw_writes(data: Data, _: PageParameter) -> Iterator[Request]:
    source = _random()
    for _number in range(DRAWN):
        token = source.choice(data.learners)["token"]
        yield write(token, source.randint(1, EXERCISES), correct=source.random() < 0.5)  # noqa: PLR2004 - half of them


OPERATIONS = (
    Operation(READ, "`GET /scores/ID`", lambda data, _: map(read, data.ids(DRAWN))),
    Operation(
        OWN,
        f"`GET /scores/user`: one's own {EXERCISES} scores, by bearer token",
        lambda data, _: (read_own(learner["token"]) for learner in data.learners),
    ),
    Operation(WRITE, "`PATCH /scores`: record a score, new or not, by bearer token", _draw_writes),
    Operation(
        LIST,
        f"`GET /scores?limit={PAGE}&…`: a page deep in the table",
        lambda data, parameter: (read_page(parameter(last)) for last in data.deep(DRAWN)),
    ),
    Operation(LEADERBOARD, f"`GET /leaderboard?limit={PAGE}`", lambda _, __: iter([read_leaderboard()])),
    Operation(
        FLASK,
        f"`GET /exercises?limit={EXERCISES_PAGE}`: a route that only Flask processes",
        lambda _, __: iter([read_exercises()]),
    ),
)


def write_file(requests: Iterator[Request], file: Path) -> None:
    """Write requests in the form that wrk.lua reads."""
    lines = (f"{one.method}\t{one.path}\t{one.token}\t{one.body}\n" for one in requests)
    file.write_text("".join(lines))


def _random() -> random.Random:
    return random.Random(SEED)  # noqa: S311 - not a secret
