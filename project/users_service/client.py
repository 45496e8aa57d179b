"""Asking the users-service at USERS_SERVICE_URL who is calling.

A good answer is remembered for a few seconds, by the token's hash; a bad one never. The service is asked once more when
the connection breaks, and redirects are not followed: a token goes nowhere but to the address in the settings.

A service that hangs must not take this one with it: only some of the server's threads wait for it at once, and after
several timeouts in a row a circuit breaker refuses without waiting. Both are answered with 503 and Retry-After.
"""

import hashlib
import threading
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
import structlog
import urllib3
from cachetools import TTLCache

from project.operations.metrics import USERS_SERVICE_SECONDS
from project.users_service.circuit_breaker import CircuitBreaker, CircuitOpen
from project.users_service.deadlines import DeadlinePoolManager
from project.web.auth import Caller, TokenHolder
from project.web.concurrency import Busy, ConcurrencyLimit
from project.web.errors import TokenInvalid, UsersServiceUnavailable
from project.web.roles import Role

log = structlog.get_logger()

CACHED_CALLERS = 10_000
MAX_ANSWER_BYTES = 65_536
CONNECTIONS = 32
REFUSALS = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
MAX_USER_ID = 2**63 - 1  # what fits the database

# After so many timeouts in a row the service is not called for so many seconds, but for one call at a time afterwards.
TIMEOUTS, OPEN_SECONDS = 3, 2.0


class NonsenseError(Exception):
    """The users-service answered something that we cannot read."""


class UsersService:
    """An `Authenticator` that asks over HTTP."""

    def __init__(
        self, url: str, *, connect_timeout: float, read_timeout: float, cache_seconds: float, at_once: int
    ) -> None:
        self._url = f"{url}/auth/status"
        self._pool = DeadlinePoolManager(
            num_pools=1,
            maxsize=CONNECTIONS,
            timeout=urllib3.Timeout(connect=connect_timeout, read=read_timeout),
            retries=False,
        )
        self._cache: TTLCache[bytes, tuple[int, Role]] = TTLCache(CACHED_CALLERS, cache_seconds)
        self._lock = threading.Lock()
        self._limit = ConcurrencyLimit(at_once)
        self._circuit = CircuitBreaker(TIMEOUTS, OPEN_SECONDS)

    def authenticate(self, token: str) -> Caller:
        """Return who holds the token, as the users-service knows them.

        Raises:
            TokenInvalid: it refuses the token, or the user is not active.
            UsersServiceUnavailable: it cannot be reached in time, its answer makes no sense, or too many wait for it.

        """
        key = _key(token)
        known = self._remembered(key)
        if known is None:
            known = self._ask(token)
            with self._lock:
                self._cache[key] = known
        return Caller(*known, token=token)

    def recognise(self, token: str) -> TokenHolder | None:
        """Return who holds the token, if the users-service said so a moment ago."""
        known = self._remembered(_key(token))
        return TokenHolder(known[0], token, known[1]) if known else None

    def _remembered(self, key: bytes) -> tuple[int, Role] | None:
        with self._lock:
            return self._cache.get(key)

    def _ask(self, token: str) -> tuple[int, Role]:
        started = time.monotonic()
        outcome = "unavailable"
        try:
            with self._limit.acquire(), self._circuit.call(urllib3.exceptions.TimeoutError):
                found = self._get(token)
            user = read_answer(*found)
            outcome = "accepted"
        except (Busy, CircuitOpen):
            outcome = "rejected"
            raise UsersServiceUnavailable from None
        except TokenInvalid:
            outcome = "refused"
            raise
        except (urllib3.exceptions.HTTPError, NonsenseError) as error:
            # The exception's text holds the address and the fault, and never a header.
            log.warning("users_service_unavailable", error=str(error))
            raise UsersServiceUnavailable from None
        finally:
            USERS_SERVICE_SECONDS.labels(outcome).observe(time.monotonic() - started)
        return user

    def _get(self, token: str) -> tuple[int, bytes]:
        """Return status and body of the answer, asking once more if the connection breaks."""
        try:
            return self._get_once(token)
        except urllib3.exceptions.ReadTimeoutError:
            raise  # It has the question and is slow: to ask again would make it slower.
        except urllib3.exceptions.HTTPError:
            return self._get_once(token)

    def _get_once(self, token: str) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        response = self._pool.request("GET", self._url, headers=headers, redirect=False, preload_content=False)
        try:
            body = b""
            while piece := response.read1(MAX_ANSWER_BYTES):
                body += piece
                if len(body) > MAX_ANSWER_BYTES:
                    response.close()
                    raise NonsenseError("its answer is too long")
            return response.status, body
        finally:
            response.release_conn()


def _key(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def read_answer(status: int, body: bytes) -> tuple[int, Role]:
    """Return the user's id and role from an answer of GET /auth/status, read tolerantly.

    Raises:
        TokenInvalid: the answer refuses the token.
        NonsenseError: it is no answer to the question.

    """
    if status in REFUSALS:
        raise TokenInvalid
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        answer = None
    if not isinstance(answer, dict) or status not in (HTTPStatus.OK, HTTPStatus.BAD_REQUEST):
        raise NonsenseError(f"it answered {status} with {len(body)} bytes that are no answer to the question")
    if answer.get("status") in ("fail", "error"):
        raise TokenInvalid
    if status != HTTPStatus.OK:
        raise NonsenseError(f"it answered {status} with the status {answer.get('status')!r}")
    return _read_user(answer)


def _read_user(answer: dict[str, Any]) -> tuple[int, Role]:
    user = answer.get("data")
    if answer.get("status") != "success" or not isinstance(user, dict):
        raise NonsenseError("its answer names no user")
    user_id = user.get("id")
    if type(user_id) is not int or abs(user_id) > MAX_USER_ID:
        raise NonsenseError("the user's id in its answer is no 64-bit integer")
    if user.get("active", True) is not True:
        raise TokenInvalid
    admin = user["admin"] if "admin" in user else answer.get("admin")
    if admin is True or user.get("role") == Role.ADMIN:
        return user_id, Role.ADMIN
    return user_id, Role.GRADER if user.get("role") == Role.GRADER else Role.LEARNER


def from_config(config: Mapping[str, Any]) -> UsersService | None:
    """Return the users-service of the settings, if there is one."""
    if not config["USERS_SERVICE_URL"]:
        return None
    return UsersService(
        config["USERS_SERVICE_URL"],
        connect_timeout=config["USERS_SERVICE_CONNECT_TIMEOUT"],
        read_timeout=config["USERS_SERVICE_READ_TIMEOUT"],
        cache_seconds=config["USERS_SERVICE_CACHE_SECONDS"],
        at_once=max(1, min(config["USERS_SERVICE_AT_ONCE"], config["WEB_THREADS"] - 1)),
    )
