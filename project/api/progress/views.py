"""How a learner is doing."""

from datetime import UTC, date, datetime, timedelta

from flask import Blueprint, Response

from project.api.operation import operation
from project.api.progress import queries
from project.api.progress.schemas import DEFAULT_DAYS, MAX_DAYS, ProgressAnswer, ProgressQuery
from project.extensions import db
from project.web.auth import allow, caller, check
from project.web.errors import ApiError, NotPermitted
from project.web.permissions import Action
from project.web.responses import success

progress_blueprint = Blueprint("progress", __name__)


class DaysRefused(ApiError):
    """The days are none, or too many."""

    http_status = 400
    status = "fail"
    message = "Sorry. Those days cannot be shown."

    def __init__(self) -> None:
        super().__init__(errors={"since": [f"Must be at or before `until`, and at most {MAX_DAYS} days with it."]})


@progress_blueprint.get("/progress/user")
@allow(Action.READ_PROGRESS)
@operation("Read one's own progress", {200: ProgressAnswer}, query=ProgressQuery, errors=(NotPermitted, DaysRefused))
def read_progress(query: ProgressQuery) -> Response:
    """Tell what the caller has solved, day by day, and their streaks; staff may ask about anybody."""
    user_id = caller().id if query.user_id is None else query.user_id
    check(Action.READ_PROGRESS, user_id)
    since, until = _days(query)
    values = {"user_id": user_id, "since": since, "until": until}
    row = db.session.execute(queries.PROGRESS, values).mappings().one()
    return success({"user_id": user_id, **row})


def _days(query: ProgressQuery) -> tuple[date, date]:
    """Return the first and the last day that are asked for."""
    until = query.until or max(datetime.now(UTC).date(), query.since or date.min)
    since = query.since or until - min(timedelta(days=DEFAULT_DAYS - 1), until - date.min)
    if since > until or (until - since).days >= MAX_DAYS:
        raise DaysRefused
    return since, until
