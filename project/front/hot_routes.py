"""The hot routes, which respond without Flask. Each has a view with the same behaviour.

A route and its view use the same functions and statements, so that no rule is written twice.
"""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any

from flask import Flask

from project.api.leaderboard import reading as board_reading
from project.api.leaderboard.schemas import LeaderboardQuery
from project.api.payload import parse_json, validate, validate_query
from project.api.scores import reading
from project.api.scores.record_statement import RECORD
from project.api.scores.recording import Report, recorded_response, values_of
from project.api.scores.schemas import AllScoresQuery, ScorePayload, ScoreQuery
from project.front.async_database import AsyncDatabase
from project.front.batcher import Batcher
from project.front.hot_path import Call, HotRoute, LeftToFlask
from project.front.read_batches import ReadBatches
from project.front.request_threads import RequestThreads
from project.front.submitting import Submitter
from project.front.verdicts import Verdicts
from project.postgres.prepared import Row, Statement, was_rolled_back
from project.web.http_caching import BY_CALLER, PRIVATE, PUBLIC
from project.web.rate_limits import Limit, limits_of
from project.web.read_queries import ReadQuery
from project.web.responses import JsonResponse

Routes = Mapping[tuple[str, str], HotRoute]


class _Reads:
    """The hot routes that read. Costly queries are left to Flask, which limits how many of them run at once."""

    def __init__(self, app: Flask, database: AsyncDatabase, threads: Executor) -> None:
        self._threads = threads  # for reads from the replica
        self._batches = ReadBatches(database)
        self._replica = app.extensions["replica"]
        self._own_users = not app.config["USERS_SERVICE_URL"]
        self._is_public: bool = app.config["SCORES_PUBLIC"]

    async def score(self, call: Call) -> JsonResponse:
        self._check_public()
        read_query = reading.one_score(call.number, None)
        return await self._respond(call, read_query)

    async def scores(self, call: Call) -> JsonResponse:
        self._check_public()
        parameters = call.parameters()
        read_query = reading.page_of_scores(validate_query(AllScoresQuery, parameters), call.path, parameters, None)
        if read_query.statement.costly:
            raise LeftToFlask
        return await self._respond(call, read_query)

    async def board(self, call: Call) -> JsonResponse:
        self._check_public()
        parameters = call.parameters()
        query = validate_query(LeaderboardQuery, parameters)
        lookup = board_reading.lookup_of(query)
        board = board_reading.board_of(query, await self._rows(call, *lookup) if lookup else ())
        read_query = board_reading.page_of_board(board, query, call.path, parameters, own_users=self._own_users)
        if read_query.statement.costly:
            raise LeftToFlask
        return await self._respond(call, read_query)

    async def own_scores(self, call: Call) -> JsonResponse:
        parameters = call.parameters()
        query = validate_query(ScoreQuery, parameters)
        read_query = reading.page_of_holder(query, call.path, parameters, call.recognise())

        rows = await self._batches.rows(read_query.statement, read_query.values)
        if not rows:  # then it is not known whether the token is valid
            raise LeftToFlask
        return read_query.make_response(rows)

    def _check_public(self) -> None:
        if not self._is_public:
            raise LeftToFlask

    async def _respond(self, call: Call, read_query: ReadQuery) -> JsonResponse:
        return read_query.make_response(await self._rows(call, read_query.statement, read_query.values))

    def _rows(self, call: Call, statement: Statement, values: Mapping[str, Any]) -> Awaitable[Sequence[Row]]:
        """Run a query on the replica if there is one and the request has no token."""
        if self._replica is None or "HTTP_AUTHORIZATION" in call.environ:
            return self._batches.rows(statement, values)
        return asyncio.get_running_loop().run_in_executor(self._threads, self._replica.rows, statement, values)


class _Recorder:
    """PATCH /scores: reports that arrive at the same time are committed together."""

    def __init__(self, app: Flask, database: AsyncDatabase) -> None:
        self._settings = app.config
        self._database = database
        limits = limits_of(app, Limit.WRITE)
        self._limit = limits[0] if limits else None
        self.is_hot = len(limits) <= 1  # limits with several windows are left to Flask
        self._batcher: Batcher[Report, Row] = Batcher(
            self._write, was_rolled_back, lambda report: (report.user_id, report.exercise_id)
        )

    async def __call__(self, call: Call) -> JsonResponse:
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
        return recorded_response(await self._batcher.submit(report))

    async def _write(self, reports: Sequence[Report]) -> Sequence[Row]:
        return await self._database.rows(RECORD, values_of(reports, self._settings, self._limit))


def hot_routes(
    app: Flask, database: AsyncDatabase, threads: Executor, request_threads: RequestThreads, verdicts: Verdicts
) -> Routes:
    """Return the hot routes of an application; none if HOT_PATH is off."""
    if not app.config["HOT_PATH"]:
        return {}
    origin = ["Origin"] if app.config["CORS_ORIGINS"] else []
    public = [("Cache-Control", PUBLIC), *(("Vary", name) for name in origin)]
    private = [("Cache-Control", PRIVATE), ("Vary", ", ".join([BY_CALLER, *origin]))]
    reads = _Reads(app, database, threads)
    routes = {
        ("GET", "/scores/#"): HotRoute("/scores/<score:score_id>", reads.score, public),
        ("GET", "/scores"): HotRoute("/scores", reads.scores, public),
        ("GET", "/leaderboard"): HotRoute("/leaderboard", reads.board, public),
        ("GET", "/scores/user"): HotRoute("/scores/user", reads.own_scores, private),
    }
    recorder = _Recorder(app, database)
    if recorder.is_hot:
        routes["PATCH", "/scores"] = HotRoute("/scores", recorder)
    submitter = Submitter(app, request_threads, verdicts)
    if submitter.is_hot:
        routes["POST", "/submissions"] = HotRoute("/submissions", submitter)
    return routes
