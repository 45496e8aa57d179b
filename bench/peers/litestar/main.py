"""Scores with Litestar and asyncpg. Responses are declared as msgspec structs, from which Litestar writes the JSON."""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated

import asyncpg
import msgspec
from litestar import Litestar, Request, Response, get, patch
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import NotFoundException
from litestar.params import Parameter
from litestar.security.jwt import JWTAuth, Token
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

DATABASE_URL = os.environ["DATABASE_URL"]
JWT_SECRET = os.environ["JWT_SECRET"]

COLUMNS = "id, user_id, exercise_id, correct, source, points, max_points, attempts, created_at, updated_at"
READ = f"SELECT {COLUMNS} FROM scores WHERE id = $1"
OWN = f"SELECT {COLUMNS} FROM scores WHERE user_id = $1 ORDER BY id"
PAGE = f"SELECT {COLUMNS} FROM scores WHERE id > $1 ORDER BY id LIMIT $2"
UPSERT = f"""
    INSERT INTO scores (user_id, exercise_id, correct, source, recorded_by) VALUES ($1, $2, $3, 'self_reported', $1)
    ON CONFLICT (user_id, exercise_id) DO UPDATE SET
        correct = excluded.correct, source = excluded.source,
        recorded_by = excluded.recorded_by, change_id = excluded.change_id
    RETURNING {COLUMNS}, xmax = 0 AS created
"""
LEADERBOARD = "SELECT user_id, solved FROM solved_counts ORDER BY solved DESC, user_id LIMIT $1"


class Score(msgspec.Struct):
    id: int
    user_id: int
    exercise_id: int
    correct: bool
    source: str
    points: int | None
    max_points: int | None
    attempts: int
    created_at: datetime
    updated_at: datetime


class ScoreAnswer(msgspec.Struct):
    data: Score
    status: str = "success"


class ScoreWritten(msgspec.Struct):
    data: Score
    message: str
    status: str = "success"


class Scores(msgspec.Struct):
    scores: list[Score]


class ScoresAnswer(msgspec.Struct):
    data: Scores
    status: str = "success"


class ScoresPage(msgspec.Struct):
    data: Scores
    next: str | None
    status: str = "success"


class ScorePayload(msgspec.Struct):
    exercise_id: int
    correct: bool


class Standing(msgspec.Struct):
    user_id: int
    solved: int


class Leaderboard(msgspec.Struct):
    leaderboard: list[Standing]


class LeaderboardAnswer(msgspec.Struct):
    data: Leaderboard
    status: str = "success"


@asynccontextmanager
async def database(app: Litestar) -> AsyncGenerator[None, None]:
    async with asyncpg.create_pool(DATABASE_URL) as pool:
        app.state.pool = pool
        yield


def provide_pool(state: State) -> asyncpg.Pool:
    return state.pool


async def retrieve_user(token: Token, connection: ASGIConnection) -> int:
    return int(token.sub)


jwt_auth = JWTAuth[int](retrieve_user_handler=retrieve_user, token_secret=JWT_SECRET, exclude=["/schema"])
Limit = Annotated[int, Parameter(ge=1, le=1000)]


@get("/scores/user")
async def list_own_scores(request: Request[int, Token, State], pool: asyncpg.Pool) -> ScoresAnswer:
    rows = await pool.fetch(OWN, request.user)
    return ScoresAnswer(Scores([Score(**row) for row in rows]))


@get("/scores/{score_id:int}", exclude_from_auth=True)
async def read_score(score_id: int, pool: asyncpg.Pool) -> ScoreAnswer:
    row = await pool.fetchrow(READ, score_id)
    if row is None:
        raise NotFoundException("Score does not exist")
    return ScoreAnswer(Score(**row))


@get("/scores", exclude_from_auth=True)
async def list_scores(pool: asyncpg.Pool, limit: Limit = 100, after: int = 0) -> ScoresPage:
    rows = await pool.fetch(PAGE, after, limit)
    following = f"/scores?limit={limit}&after={rows[-1]['id']}" if len(rows) == limit else None
    return ScoresPage(Scores([Score(**row) for row in rows]), following)


@patch("/scores")
async def upsert_score(
    data: ScorePayload, request: Request[int, Token, State], pool: asyncpg.Pool
) -> Response[ScoreWritten]:
    row = dict(await pool.fetchrow(UPSERT, request.user, data.exercise_id, data.correct))
    created = row.pop("created")
    message = "New score was added!" if created else "Score was updated!"
    return Response(ScoreWritten(Score(**row), message), status_code=HTTP_201_CREATED if created else HTTP_200_OK)


@get("/leaderboard", exclude_from_auth=True)
async def read_leaderboard(pool: asyncpg.Pool, limit: Limit = 50) -> LeaderboardAnswer:
    rows = await pool.fetch(LEADERBOARD, limit)
    return LeaderboardAnswer(Leaderboard([Standing(**row) for row in rows]))


app = Litestar(
    [list_own_scores, read_score, list_scores, upsert_score, read_leaderboard],
    dependencies={"pool": Provide(provide_pool, sync_to_thread=False)},
    lifespan=[database],
    on_app_init=[jwt_auth.on_app_init],
    logging_config=None,
)
