"""Reading and recording scores."""

from typing import Any

from flask import Blueprint, Response, current_app, request

from project.api.identifiers import identifier
from project.api.operation import operation
from project.api.pages import next_address, one_page, page
from project.api.schemas import ListQuery, encode_cursor
from project.api.scores import queries, reading
from project.api.scores.errors import ScoreExists, ScoreMissing, ScoreNotFound
from project.api.scores.models import ScoreChange
from project.api.scores.record_statement import SOURCE_OF
from project.api.scores.recording import Report, policy_of, record, recorded_response
from project.api.scores.schemas import (
    AllScoresQuery,
    HistoryAnswer,
    ScoreAnswer,
    ScorePayload,
    ScoreQuery,
    ScoresAnswer,
    ScoreWritten,
    UserHistoryAnswer,
    UserHistoryQuery,
)
from project.extensions import db
from project.postgres.prepared import run_in_session
from project.web.auth import TokenHolder, allow, caller, check, owner
from project.web.conditional import PreconditionFailed, wanted
from project.web.costly_reads import read_in_session
from project.web.errors import NotPermitted
from project.web.http_caching import change_ids
from project.web.permissions import Action, reaches_all
from project.web.rate_limits import Limit
from project.web.responses import to_flask

scores_blueprint = Blueprint("scores", __name__)


@scores_blueprint.get("/scores")
@allow(Action.READ_SCORES)
@operation("List scores, by id", {200: ScoresAnswer}, query=AllScoresQuery, replica=True)
def list_scores(query: AllScoresQuery) -> Response:
    """List the scores of all users; when scores are not public, learners see their own."""
    read_query = reading.page_of_scores(query, request.path, _parameters(), owner(Action.READ_SCORES))
    return to_flask(read_query.execute(read_in_session))


@scores_blueprint.get("/scores/<score:score_id>")
@allow(Action.READ_SCORES)
@operation("Read a score", {200: ScoreAnswer}, errors=(ScoreNotFound,), replica=True)
def read_score(score_id: str) -> Response:
    """Read one score; when scores are not public, learners see only their own."""
    read_query = reading.one_score(identifier(score_id, ScoreNotFound), owner(Action.READ_SCORES))
    return to_flask(read_query.execute(run_in_session))


@scores_blueprint.get("/scores/user")
@allow(Action.READ_OWN_SCORES)
@operation("List one's own scores, by id", {200: ScoresAnswer}, query=ScoreQuery)
def list_own_scores(query: ScoreQuery) -> Response:
    """List the caller's scores."""
    read_query = reading.page_of_scores(query, request.path, _parameters(), caller().id)
    return to_flask(read_query.execute(run_in_session))


@scores_blueprint.get("/scores/user/<score_id>")
@allow(Action.READ_OWN_SCORES)
@operation("Read one of one's own scores", {200: ScoreAnswer}, errors=(ScoreNotFound,))
def read_own_score(score_id: str) -> Response:
    """Read one of the caller's scores."""
    read_query = reading.one_score(identifier(score_id, ScoreNotFound), caller().id)
    return to_flask(read_query.execute(run_in_session))


@scores_blueprint.get("/scores/<score:score_id>/history")
@allow(Action.READ_HISTORY)
@operation("List the changes of a score, oldest first", {200: HistoryAnswer}, query=ListQuery, errors=(ScoreNotFound,))
def list_history(score_id: str, query: ListQuery) -> Response:
    """Read a score's ledger: its owner's, or as staff anybody's."""
    statement = queries.history(identifier(score_id, ScoreNotFound), owner(Action.READ_HISTORY))
    if not db.session.execute(statement.limit(1)).first():
        raise ScoreNotFound
    return page("history", statement, ScoreChange.id, query)


@scores_blueprint.get("/scores/history")
@allow(Action.READ_HISTORY)
@operation(
    "List the changes of a learner's scores, newest first",
    {200: UserHistoryAnswer},
    query=UserHistoryQuery,
    errors=(NotPermitted,),
)
def list_user_history(query: UserHistoryQuery) -> Response:
    """Read the ledger of one learner, over all exercises: the caller's own, or as staff anybody's."""
    user_id = caller().id if query.user_id is None else query.user_id
    check(Action.READ_HISTORY, user_id)
    values = {**query.model_dump(), "user_id": user_id, "limit": query.limit + 1}
    rows = [dict(row) for row in db.session.execute(queries.USER_HISTORY, values).mappings()]
    more = len(rows) > query.limit
    following = next_address(encode_cursor(rows[query.limit - 1]["id"])) if more else None
    return one_page({"history": rows[: query.limit]}, following)


@scores_blueprint.post("/scores")
@allow(Action.RECORD_SCORES)
@operation(
    "Record a score for the first time",
    {201: ScoreWritten},
    body=ScorePayload,
    errors=(NotPermitted,),
    conflicts={"uq_scores_user_id_exercise_id": ScoreExists},
    limit=Limit.WRITE,
)
def add_score(payload: ScorePayload) -> Response:
    """Record a new score; one that exists is refused by its constraint."""
    _explain(payload)
    rows = run_in_session(queries.ADD, _values(payload))
    if not rows:
        raise NotPermitted
    db.session.commit()
    return to_flask(reading.score_response(reading.ScoreRow(*rows[0]), "New score was added!", 201))


@scores_blueprint.put("/scores/<score:score_id>")
@allow(Action.RECORD_SCORES)
@operation(
    "Change a score",
    {200: ScoreWritten},
    body=ScorePayload,
    errors=(ScoreMissing, NotPermitted),
    limit=Limit.WRITE,
    conditional=True,
)
def update_score(score_id: str, payload: ScorePayload) -> Response:
    """Change a score that exists, of this user and for this exercise."""
    values = {**_values(payload), "id": identifier(score_id, ScoreMissing), "change_ids": change_ids(wanted())}
    _explain(payload)
    rows = run_in_session(queries.UPDATE, values)
    if not rows:
        permitted = db.session.scalar(queries.MAY_UPDATE.text, values)
        if permitted is None:
            raise ScoreMissing
        raise PreconditionFailed if permitted else NotPermitted
    db.session.commit()
    return to_flask(reading.score_response(reading.ScoreRow(*rows[0]), "Score was updated!"))


@scores_blueprint.patch("/scores")
@scores_blueprint.patch("/scores/<score:score_id>")
@allow(Action.RECORD_SCORES)
@operation(
    "Record a score, new or not",
    {200: ScoreWritten, 201: ScoreWritten},
    body=ScorePayload,
    errors=(ScoreMissing, NotPermitted),
    limit=Limit.WRITE,
)
def upsert_score(payload: ScorePayload, score_id: str = "0") -> Response:
    """Record a score, in one statement. User and exercise tell which; an id in the address is for old clients."""
    identifier(score_id, ScoreMissing)
    user = caller()
    user_id = user.id if payload.user_id is None else payload.user_id
    report = Report(TokenHolder(user.id, user.token, user.role), user_id, payload.exercise_id, payload.correct)
    _explain(payload)
    (row,) = record(run_in_session, [report], current_app.config)
    response = recorded_response(row)
    db.session.commit()
    return to_flask(response)


def _parameters() -> list[tuple[str, str]]:
    return list(request.args.items(multi=True))


def _explain(payload: ScorePayload) -> None:
    """Have the ledger keep the reason that staff give."""
    if payload.reason is None:
        return
    check(Action.EXPLAIN_SCORES)
    db.session.execute(queries.EXPLAIN, {"reason": payload.reason})


def _values(payload: ScorePayload) -> dict[str, Any]:
    """Return the parameters of the statements that write: the score, who records it, and with which permission."""
    user = caller()
    user_id = user.id if payload.user_id is None else payload.user_id
    check(Action.RECORD_SCORES, user_id)
    return {
        "user_id": user_id,
        "exercise_id": payload.exercise_id,
        "correct": payload.correct,
        "source": SOURCE_OF[user.role],
        "recorded_by": user.id,
        "trusted": reaches_all(Action.RECORD_SCORES, user.role),
        **policy_of(current_app.config),
    }
