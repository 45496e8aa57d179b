"""What callers see of a submission."""

from typing import Any

import orjson

from project.api.submissions import queries
from project.api.submissions.states import State
from project.envelope import Answer
from project.extensions import db
from project.judging.results import for_learner


def find(submission_id: int, owner: int | None = None, state: State | None = None) -> dict[str, Any] | None:
    """Return a submission, if it has that owner and state. No connection is kept."""
    row = db.session.execute(queries.submission(submission_id, owner, state)).mappings().one_or_none()
    db.session.rollback()
    return dict(row) if row else None


def visible(judged: dict[str, Any], is_staff: bool) -> dict[str, Any]:  # noqa: FBT001 - who asks
    """Return what the caller may see of how an answer was judged."""
    if is_staff or not judged["cases"]:
        return judged
    # The sums would tell a hidden case's times, which an answer can make say what it was asked.
    times = {"cpu_ms": None, "wall_ms": None} if any(case["hidden"] for case in judged["cases"]) else {}
    return judged | times | {"cases": [for_learner(case) for case in judged["cases"]]}


def graded(submission: dict[str, Any], is_staff: bool) -> Answer:  # noqa: FBT001 - who asks
    """Return the answer with a submission that is done."""
    return _answer(submission, is_staff, b"Submission was graded!", 201)


def pending(submission: dict[str, Any], is_staff: bool) -> Answer:  # noqa: FBT001 - who asks
    """Return the answer with a submission that has to be asked for again."""
    return _answer(submission, is_staff, b"Submission is being graded.", 202)


def _answer(submission: dict[str, Any], is_staff: bool, message: bytes, http_status: int) -> Answer:  # noqa: FBT001
    data = orjson.dumps(visible(submission, is_staff))
    location = f"/submissions/{submission['id']}"
    return Answer(b'"message":"%b","data":%b' % (message, data), http_status, [("Location", location)])
