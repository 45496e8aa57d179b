"""Scores with FastAPI and asyncpg. Responses are declared as models, from which FastAPI writes the JSON."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated

import asyncpg
import jwt
from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel

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


class Score(BaseModel):
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


class ScoreAnswer(BaseModel):
    status: str = "success"
    data: Score


class ScoreWritten(ScoreAnswer):
    message: str


class Scores(BaseModel):
    scores: list[Score]


class ScoresAnswer(BaseModel):
    status: str = "success"
    data: Scores


class ScoresPage(ScoresAnswer):
    next: str | None


class ScorePayload(BaseModel):
    exercise_id: int
    correct: bool


class Standing(BaseModel):
    user_id: int
    solved: int


class Leaderboard(BaseModel):
    leaderboard: list[Standing]


class LeaderboardAnswer(BaseModel):
    status: str = "success"
    data: Leaderboard


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(DATABASE_URL) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)
bearer = HTTPBearer()


def get_pool(request: Request) -> asyncpg.Pool:
    return request.app.state.pool


async def get_user(credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> int:
    try:
        return int(jwt.decode(credentials.credentials, JWT_SECRET, algorithms=["HS256"])["sub"])
    except jwt.InvalidTokenError:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Invalid token.") from None


Pool = Annotated[asyncpg.Pool, Depends(get_pool)]
User = Annotated[int, Depends(get_user)]
Limit = Annotated[int, Query(ge=1, le=1000)]


@app.get("/scores/user")
async def list_own_scores(user: User, pool: Pool) -> ScoresAnswer:
    rows = await pool.fetch(OWN, user)
    return ScoresAnswer(data=Scores(scores=[Score(**row) for row in rows]))


@app.get("/scores/{score_id}")
async def read_score(score_id: int, pool: Pool) -> ScoreAnswer:
    row = await pool.fetchrow(READ, score_id)
    if row is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "Score does not exist")
    return ScoreAnswer(data=Score(**row))


@app.get("/scores")
async def list_scores(pool: Pool, limit: Limit = 100, after: int = 0) -> ScoresPage:
    rows = await pool.fetch(PAGE, after, limit)
    following = f"/scores?limit={limit}&after={rows[-1]['id']}" if len(rows) == limit else None
    return ScoresPage(data=Scores(scores=[Score(**row) for row in rows]), next=following)


@app.patch("/scores")
async def upsert_score(payload: ScorePayload, user: User, pool: Pool, response: Response) -> ScoreWritten:
    row = await pool.fetchrow(UPSERT, user, payload.exercise_id, payload.correct)
    message = "Score was updated!"
    if row["created"]:
        response.status_code = status.HTTP_201_CREATED
        message = "New score was added!"
    return ScoreWritten(data=Score(**row), message=message)


@app.get("/leaderboard")
async def read_leaderboard(pool: Pool, limit: Limit = 50) -> LeaderboardAnswer:
    rows = await pool.fetch(LEADERBOARD, limit)
    return LeaderboardAnswer(data=Leaderboard(leaderboard=[Standing(**row) for row in rows]))
