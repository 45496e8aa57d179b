"""The routes that are answered before Flask's routing: few, exact, and each with a view that does the same."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from flask import Flask

from project.api.leaderboard import reading as board_reading
from project.api.leaderboard.schemas import LeaderboardQuery
from project.api.payload import parse_json, validate, validate_query
from project.api.scores import reading
from project.api.scores.recording import Report, record, recorded
from project.api.scores.schemas import AllScoresQuery, ScorePayload, ScoreQuery
from project.batcher import Batcher
from project.costly_reads import costly_reads_of
from project.envelope import Answer
from project.hot_path import Call, HotPath, HotRoute, LeftToFlask
from project.http_caching import BY_CALLER, PRIVATE, PUBLIC
from project.late_answers import Awaited
from project.prepared import Prepared, Row, Run, Statement, was_rolled_back
from project.rate_limits import Limit, limits_of


def _read_score(call: Call) -> Answer | Awaited[Any]:
    return call.ask_anywhere(reading.one_score(_public(call).number, None))


def _list_scores(call: Call) -> Answer | Awaited[Any]:
    parameters = _public(call).parameters()
    question = reading.page_of_scores(validate_query(AllScoresQuery, parameters), call.path, parameters, None)
    return question.ask(_reads(call)) if question.statement.costly else call.ask_anywhere(question)


def _list_board(call: Call) -> Answer:
    parameters = _public(call).parameters()
    query = validate_query(LeaderboardQuery, parameters)
    own_users = not call.settings["USERS_SERVICE_URL"]
    return board_reading.page_of_board(_reads(call), query, call.path, parameters, own_users=own_users)


def _list_own_scores(call: Call) -> Answer | Awaited[Any]:
    parameters = call.parameters()
    query = validate_query(ScoreQuery, parameters)
    question = reading.page_of_holder(query, call.path, parameters, call.recognise())

    def answer(rows: Sequence[Row]) -> Answer:
        if not rows:  # whether the token is good is not known then
            raise LeftToFlask
        return question.answer(rows)

    return call.ask(question._replace(answer=answer))


def _reads(call: Call) -> Run:
    """Return what runs a statement that only reads, costly or not. Of a costly one it matters who sends it."""

    def run(statement: Statement, values: Mapping[str, Any]) -> Sequence[Row]:
        if not statement.costly:
            return call.reads(statement, values)
        if "HTTP_AUTHORIZATION" in call.environ:  # whose token that is, and whether it is good, is found out by Flask
            raise LeftToFlask
        return costly_reads_of(call.extensions).rows(call.reads, statement, values, is_known=False)

    return run


def _public(call: Call) -> Call:
    """Return the call, if anybody may read scores."""
    if not call.settings["SCORES_PUBLIC"]:
        raise LeftToFlask
    return call


class _Recorder:
    """PATCH /scores: what comes at the same time is committed together."""

    def __init__(self, app: Flask) -> None:
        self._settings = app.config
        self._database: Prepared = app.extensions["prepared"]
        limits = limits_of(app, Limit.WRITE)
        self._limit = limits[0] if limits else None
        self.is_hot = len(limits) <= 1  # several windows are counted by Flask
        self._batcher: Batcher[Report, Row] = Batcher(
            self._write, was_rolled_back, lambda report: (report.user_id, report.exercise_id)
        )

    def __call__(self, call: Call) -> Awaited[Row]:
        try:
            payload = validate(ScorePayload, parse_json(call.body()))
        except ValueError:
            raise LeftToFlask from None
        if payload.reason is not None:
            raise LeftToFlask
        holder = call.recognise()
        user_id = holder.id if payload.user_id is None else payload.user_id
        limit_key = self._limit.key_for(Limit.WRITE.value, str(holder.id)) if self._limit else None
        report = Report(holder, user_id, payload.exercise_id, payload.correct, limit_key)
        return Awaited(partial(self._batcher.submit, report), recorded)

    def _write(self, reports: Sequence[Report]) -> list[Row]:
        return record(self._database.rows, reports, self._settings, self._limit)


def init_app(app: Flask) -> None:
    """Set the routes of the hot path."""
    hot_path: HotPath = app.extensions["hot_path"]
    origin = ["Origin"] if app.config["CORS_ORIGINS"] else []
    public = [("Cache-Control", PUBLIC), *(("Vary", name) for name in origin)]
    private = [("Cache-Control", PRIVATE), ("Vary", ", ".join([BY_CALLER, *origin]))]
    one_score = "/scores/<score:score_id>"
    routes = {
        ("GET", "/scores/#"): HotRoute(one_score, _read_score, public),
        ("GET", "/scores"): HotRoute("/scores", _list_scores, public),
        ("GET", "/leaderboard"): HotRoute("/leaderboard", _list_board, public),
        ("GET", "/scores/user"): HotRoute("/scores/user", _list_own_scores, private),
    }
    recorder = _Recorder(app)
    if recorder.is_hot:
        routes["PATCH", "/scores"] = HotRoute("/scores", recorder)
    hot_path.routes = routes
