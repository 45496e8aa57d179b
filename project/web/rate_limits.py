"""Limits on how often an operation may be called, counted in the database: right with many workers on many machines.

docs/adr/0004 says why it is not Flask-Limiter. `limits` counts; its documented `Storage` is our table.
"""

import math
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from http import HTTPStatus

import psycopg
import sqlalchemy as sa
from flask import Flask, current_app, request
from limits import RateLimitItem, parse_many
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from project.extensions import db
from project.postgres.prepared import Statement, decoded, statement_pool
from project.settings.declarations import SettingsError
from project.web.auth import caller, is_allowed
from project.web.client_address import limited_address
from project.web.errors import ApiError, TooManyRequests
from project.web.permissions import Action

# One call in so many also deletes the windows that have ended.
CLEANING = 500

sa.Table(
    "rate_limits",
    db.metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("hits", sa.BigInteger, nullable=False),
    sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False, index=True),
    prefixes=["UNLOGGED"],  # a crash of the database forgets the counts, and nothing else
)

# The end of an INSERT into rate_limits AS r: a window that has ended is replaced.
COUNT_ON = """
    ON CONFLICT (key) DO UPDATE SET
        hits = CASE WHEN r.ends_at > clock_timestamp() THEN r.hits ELSE 0 END + excluded.hits,
        ends_at = CASE WHEN r.ends_at > clock_timestamp() THEN r.ends_at ELSE excluded.ends_at END
"""
_COUNT = Statement(f"""
    INSERT INTO rate_limits AS r (key, hits, ends_at)
    VALUES (:key, :amount, clock_timestamp() + make_interval(secs => :seconds))
    {COUNT_ON} RETURNING hits
""")  # noqa: S608 - constants
# Returns no row when the window is full. `most` is at least 1.
_TAKE = Statement("""
    INSERT INTO rate_limits AS r (key, hits, ends_at)
    VALUES (:key, 1, clock_timestamp() + make_interval(secs => :seconds))
    ON CONFLICT (key) DO UPDATE SET
        hits = CASE WHEN r.ends_at > clock_timestamp() THEN r.hits ELSE 0 END + 1,
        ends_at = CASE WHEN r.ends_at > clock_timestamp() THEN r.ends_at ELSE excluded.ends_at END
    WHERE r.hits < :most OR r.ends_at <= clock_timestamp()
    RETURNING ends_at
""")
# Only in the window in which the call was counted.
_GIVE_BACK = Statement("""
    UPDATE rate_limits SET hits = hits - 1
    WHERE key = :key AND ends_at = CAST(:ends_at AS timestamptz) AND hits > 0
""")
_HITS = Statement("SELECT hits FROM rate_limits WHERE key = :key AND ends_at > clock_timestamp()")
_ENDS = Statement(
    "SELECT extract(epoch FROM ends_at) FROM rate_limits WHERE key = :key AND ends_at > clock_timestamp()"
)
# now(): the clock may give another time for each row, so that no index could find them.
_CLEAN = Statement("DELETE FROM rate_limits WHERE ends_at < now()")
_CLEAR = Statement("DELETE FROM rate_limits WHERE key = :key")
_ONE = Statement("SELECT 1")
_RESET = Statement("WITH gone AS (DELETE FROM rate_limits RETURNING 1) SELECT count(*) FROM gone")


class Limit(StrEnum):
    """How the calls of an operation are counted; each but NONE has a setting RATE_LIMIT_*."""

    NONE = "none"  # reads: cheap, and a reverse proxy's to limit
    # Failed ones only: a whole class logs in from one address when the lesson starts.
    LOGIN = "login"  # to one account from one address: guesses, or a forgotten password
    LOGIN_ADDRESS = "login_address"  # from one address, to any account
    LOGIN_ACCOUNT = "login_account"  # to one account, from any address
    REGISTER = "register"
    WRITE = "write"
    GRADING = "grading"


# Counted by learner, and not by address. Staff are not counted.
OF_A_LEARNER = frozenset({Limit.WRITE, Limit.GRADING})


class DatabaseStorage(Storage):
    """Fixed windows in the table `rate_limits`."""

    STORAGE_SCHEME = None  # not created from a URL

    @property
    def base_exceptions(self) -> type[Exception]:
        """The errors of the storage, which are rendered like any other error of the database."""
        return psycopg.Error

    def _scalar(self, statement: Statement, **values: object) -> float | None:
        """Run one statement outside the request's transaction: a rejected call counts, too."""
        rows = statement_pool().rows(statement, values)
        return float(decoded(rows[0][0])) if rows else None

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` calls in a window of `expiry` seconds; return the calls in it so far."""
        self._clean_sometimes()
        return int(self._scalar(_COUNT, key=key, amount=amount, seconds=expiry) or 0)

    def take(self, key: str, expiry: int, most: int) -> str | None:
        """Count a call unless there are `most` in the window already; return when the window ends, None if it is full.

        One statement counts and compares, so of calls at once no more than `most` pass.
        """
        self._clean_sometimes()
        rows = statement_pool().rows(_TAKE, {"key": key, "seconds": expiry, "most": most}) if most > 0 else []
        return decoded(rows[0][0]) if rows else None

    def give_back(self, key: str, ends_at: str) -> None:
        """Undo a `take`, if its window has not ended."""
        statement_pool().rows(_GIVE_BACK, {"key": key, "ends_at": ends_at})

    def _clean_sometimes(self) -> None:
        if secrets.randbelow(CLEANING) == 0:
            self._scalar(_CLEAN)

    def get(self, key: str) -> int:
        """Return the calls in the current window."""
        return int(self._scalar(_HITS, key=key) or 0)

    def get_expiry(self, key: str) -> float:
        """Return when the current window ends, in seconds since the epoch."""
        return float(self._scalar(_ENDS, key=key) or time.time())

    def check(self) -> bool:
        """Whether the storage works."""
        return self._scalar(_ONE) == 1

    def reset(self) -> int | None:
        """Delete all windows; return how many there were."""
        return int(self._scalar(_RESET) or 0)

    def clear(self, key: str) -> None:
        """Delete one window."""
        self._scalar(_CLEAR, key=key)


_storage = DatabaseStorage()
_windows = FixedWindowRateLimiter(_storage)


@contextmanager
def limited(limit: Limit) -> Iterator[None]:
    """Count this request; raise `TooManyRequests` instead of going on when its limit is used up."""
    if limit is Limit.LOGIN_ADDRESS:
        with attempt(limit, limited_address(request.remote_addr)):
            yield
        return
    items = limits_of(current_app, limit)
    if items and not (limit in OF_A_LEARNER and is_allowed(Action.CALL_WITHOUT_LIMIT)):
        who = str(caller().id) if limit in OF_A_LEARNER else limited_address(request.remote_addr)
        for item in items:
            if not _windows.hit(item, limit.value, who):
                raise _refusal(item, limit, who)
    yield


@contextmanager
def attempt(limit: Limit, *who: str) -> Iterator[None]:
    """Count an attempt before it is made, and give it back unless it fails.

    Raises:
        TooManyRequests: as many attempts as the limit allows have failed or are being made; this one is not counted.

    """
    taken: list[tuple[str, str]] = []
    try:
        for item in limits_of(current_app, limit):
            key = item.key_for(limit.value, *who)
            ends_at = _storage.take(key, item.get_expiry(), item.amount)
            if ends_at is None:
                raise _refusal(item, limit, *who)
            taken.append((key, ends_at))
        yield
    except ApiError as error:
        if not _has_failed(error):
            _give_back(taken)
        raise
    _give_back(taken)


def _has_failed(error: ApiError) -> bool:
    """Whether the attempt was made: a rejection by another limit, or for lack of resources, is no failed attempt."""
    return error.http_status < HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(error, TooManyRequests)


def _give_back(taken: Sequence[tuple[str, str]]) -> None:
    for key, ends_at in taken:
        _storage.give_back(key, ends_at)


def _refusal(item: RateLimitItem, limit: Limit, *who: str) -> TooManyRequests:
    wait = math.ceil(_windows.get_window_stats(item, limit.value, *who).reset_time - time.time())
    return TooManyRequests(headers={"Retry-After": str(max(1, wait))})


def limits_of(app: Flask, limit: Limit) -> list[RateLimitItem]:
    """Return how many calls in how long the configuration allows; an empty list if they are not counted."""
    found: list[RateLimitItem] = app.extensions["rate_limits"].get(limit, [])
    return found


def init_app(app: Flask) -> None:
    """Read the limits of the configuration."""
    app.extensions["rate_limits"] = {limit: _parse(app, limit) for limit in Limit if limit is not Limit.NONE}


def _parse(app: Flask, limit: Limit) -> list[RateLimitItem]:
    setting = f"RATE_LIMIT_{limit.upper()}"
    try:
        items = parse_many(app.config[setting])
    except ValueError:
        raise SettingsError(
            f"{setting} is {app.config[setting]!r}: it must read like '30 per minute' or '5/second;100/hour'."
        ) from None
    return items if app.config["RATELIMIT_ENABLED"] else []
