"""GET /events: what a client would else have to poll for."""

import re

from flask import Blueprint, Response, request

from project.api.events.errors import StreamsBusy
from project.api.events.hub import hub
from project.api.events.schemas import EventsQuery
from project.api.events.topics import Topic
from project.api.operation import operation
from project.web.auth import allow, caller
from project.web.errors import InvalidPayload
from project.web.permissions import Action

events_blueprint = Blueprint("events", __name__)

EVENT_STREAM = "text/event-stream"
HEADERS = {"X-Accel-Buffering": "no"}  # or nginx would buffer the events
LAST_EVENT_ID = "Last-Event-ID"


@events_blueprint.get("/events")
@allow(Action.FOLLOW_EVENTS)
@operation("Follow what happens", {200: EVENT_STREAM}, query=EventsQuery, errors=(StreamsBusy,))
def follow(query: EventsQuery) -> Response:
    """Tell the caller, while they stay connected, how their submissions fare and when the leaderboard changes.

    `event: submission` has `{id, exercise_id, state, verdict}` as data, and may come twice; `event: leaderboard` has
    `{}`. A stream ends now and then: come back after `retry` milliseconds, with the last `id` as `Last-Event-ID`.
    """
    since = _last_event_id()
    if request.method == "HEAD":
        return Response(mimetype=EVENT_STREAM, headers=HEADERS)
    stream = hub().join(caller().id, query.topics or frozenset(Topic), since)
    return Response(stream, mimetype=EVENT_STREAM, headers=HEADERS, direct_passthrough=True)


def _last_event_id() -> int | None:
    """Return the time of the last event that the caller received, by the database's clock."""
    given = request.headers.get(LAST_EVENT_ID, "")
    if given and not re.fullmatch(r"[0-9]{1,16}", given):
        raise InvalidPayload(errors={LAST_EVENT_ID: ["Must be the id of an event."]})
    return int(given) if given else None
