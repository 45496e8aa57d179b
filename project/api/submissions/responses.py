"""What callers see of a submission, and the responses with one."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import orjson

from project.api.submissions import queries
from project.api.submissions.states import State
from project.extensions import db
from project.judging.results import for_learner
from project.web.responses import JsonResponse


def find(submission_id: int, owner: int | None = None, state: State | None = None) -> dict[str, Any] | None:
    """Return a submission, if it has that owner and state. No connection is kept."""
    row = db.session.execute(queries.submission(submission_id, owner, state)).mappings().one_or_none()
    db.session.rollback()
    return dict(row) if row else None


# When a submission was judged, and how long that took. The time of a hidden case could be computed from these.
TIMES = ("cpu_ms", "wall_ms", "started_at", "finished_at")


def visible(judged: Mapping[str, Any], reads_judging: bool) -> dict[str, Any]:  # noqa: FBT001 - a right of the caller
    """Return what the caller may see of how an answer was judged; every response with a submission uses this.

    `judged` has at least `has_hidden_case`, which is not shown. Where it is true, learners see none of `TIMES`,
    since an answer could encode the input of a hidden case in the time that it takes.
    """
    shown = {name: value for name, value in judged.items() if name != "has_hidden_case"}
    if reads_judging:
        return shown
    if judged["has_hidden_case"]:
        shown |= {name: None for name in TIMES if name in shown}
    if shown.get("cases"):
        shown["cases"] = [for_learner(case) for case in shown["cases"]]
    return shown


def visible_list(submissions: Sequence[Mapping[str, Any]], reads_judging: bool) -> list[dict[str, Any]]:  # noqa: FBT001
    """Return what the caller may see of submissions in a list."""
    judged_by = {(one["exercise_id"], one["exercise_version"]) for one in submissions}
    hiding = set() if reads_judging else hiding_versions(judged_by)
    return [
        visible({**one, "has_hidden_case": (one["exercise_id"], one["exercise_version"]) in hiding}, reads_judging)
        for one in submissions
    ]


def hiding_versions(versions: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return which of these versions of exercises, by (exercise_id, version), have a hidden case."""
    if not versions:
        return set()
    return {(row.exercise_id, row.version) for row in db.session.execute(queries.hiding_versions(versions))}


def graded(submission: dict[str, Any], reads_judging: bool) -> JsonResponse:  # noqa: FBT001 - a right of the caller
    """Return the response with a submission that is done."""
    return _response(submission, reads_judging, b"Submission was graded!", 201)


def pending(submission: dict[str, Any], reads_judging: bool) -> JsonResponse:  # noqa: FBT001 - a right of the caller
    """Return the response with a submission that has no verdict yet."""
    return _response(submission, reads_judging, b"Submission is being graded.", 202)


def _response(submission: dict[str, Any], reads_judging: bool, message: bytes, http_status: int) -> JsonResponse:  # noqa: FBT001
    data = orjson.dumps(visible(submission, reads_judging))
    location = f"/submissions/{submission['id']}"
    return JsonResponse(b'"message":"%b","data":%b' % (message, data), http_status, [("Location", location)])
