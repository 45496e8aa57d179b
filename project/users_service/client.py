"""The client of the users-service at USERS_SERVICE_URL, which knows who is calling.

The user of a valid token is cached for a few seconds, by the token's hash; a failure is never cached. The request is
repeated once when the connection breaks. Redirects are not followed: a token is sent to the configured address only.

A users-service that hangs must not block this service: only some of the server's threads wait for it at once, and after
several timeouts in a row a circuit breaker rejects without waiting. In both cases the response is 503 with Retry-After.
"""

import hashlib
import threading
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

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

CACHED_USERS = 10_000
MAX_RESPONSE_BYTES = 65_536
CONNECTIONS = 32
REJECTIONS = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
MAX_USER_ID = 2**63 - 1  # what fits the database

# After so many timeouts in a row no call is made for so many seconds, then one at a time until one succeeds.
TIMEOUTS, OPEN_SECONDS = 3, 2.0


class ServiceUser(NamedTuple):
    """A user, as the users-service describes them."""

    id: int
    role: Role


class Response(NamedTuple):
    """A response of the users-service."""

    status: int
    body: bytes


class UnexpectedResponse(Exception):
    """The response of the users-service does not have the expected form."""


class UsersService:
    """An `Authenticator` that sends the token to the users-service."""

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
        self._cache: TTLCache[bytes, ServiceUser] = TTLCache(CACHED_USERS, cache_seconds)
        self._lock = threading.Lock()
        self._limit = ConcurrencyLimit(at_once)
        self._circuit = CircuitBreaker(TIMEOUTS, OPEN_SECONDS)

    def authenticate(self, token: str) -> Caller:
        """Return who holds the token, as the users-service knows them.

        Raises:
            TokenInvalid: the users-service rejects the token, or the user is not active.
            UsersServiceUnavailable: it does not respond in time, its response is unexpected, or too many requests wait.

        """
        key = _key(token)
        user = self._cached(key)
        if user is None:
            user = self._fetch(token)
            with self._lock:
                self._cache[key] = user
        return Caller(user.id, user.role, token)

    def recognise(self, token: str) -> TokenHolder | None:
        """Return who holds the token, if the users-service said so a moment ago."""
        user = self._cached(_key(token))
        return TokenHolder(user.id, token, user.role) if user else None

    def _cached(self, key: bytes) -> ServiceUser | None:
        with self._lock:
            return self._cache.get(key)

    def _fetch(self, token: str) -> ServiceUser:
        started = time.monotonic()
        outcome = "unavailable"
        try:
            with self._limit.acquire(), self._circuit.call(urllib3.exceptions.TimeoutError):
                response = self._get(token)
            user = user_of(response)
            outcome = "accepted"
        except (Busy, CircuitOpen):
            outcome = "rejected"
            raise UsersServiceUnavailable from None
        except TokenInvalid:
            outcome = "refused"
            raise
        except (urllib3.exceptions.HTTPError, UnexpectedResponse) as error:
            # The exception's text holds the address and the fault, and never a header.
            log.warning("users_service_unavailable", error=str(error))
            raise UsersServiceUnavailable from None
        finally:
            USERS_SERVICE_SECONDS.labels(outcome).observe(time.monotonic() - started)
        return user

    def _get(self, token: str) -> Response:
        """Send the token; once more if the connection breaks."""
        try:
            return self._get_once(token)
        except urllib3.exceptions.ReadTimeoutError:
            raise  # it has the request and is slow: a second one would make it slower
        except urllib3.exceptions.HTTPError:
            return self._get_once(token)

    def _get_once(self, token: str) -> Response:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        response = self._pool.request("GET", self._url, headers=headers, redirect=False, preload_content=False)
        try:
            body = b""
            while piece := response.read1(MAX_RESPONSE_BYTES):
                body += piece
                if len(body) > MAX_RESPONSE_BYTES:
                    response.close()
                    raise UnexpectedResponse("its response is too long")
            return Response(response.status, body)
        finally:
            response.release_conn()


def _key(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def user_of(response: Response) -> ServiceUser:
    """Return the user in a response to GET /auth/status. Unknown fields are ignored.

    Raises:
        TokenInvalid: the users-service rejects the token.
        UnexpectedResponse: the response does not have the expected form.

    """
    status, body = response
    if status in REJECTIONS:
        raise TokenInvalid
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        document = None
    if not isinstance(document, dict) or status not in (HTTPStatus.OK, HTTPStatus.BAD_REQUEST):
        raise UnexpectedResponse(f"it responded {status} with {len(body)} bytes that are not the expected JSON")
    if document.get("status") in ("fail", "error"):
        raise TokenInvalid
    if status != HTTPStatus.OK:
        raise UnexpectedResponse(f"it responded {status} with the status {document.get('status')!r}")
    return _user_in(document)


def _user_in(document: dict[str, Any]) -> ServiceUser:
    user = document.get("data")
    if document.get("status") != "success" or not isinstance(user, dict):
        raise UnexpectedResponse("its response has no user")
    user_id = user.get("id")
    if type(user_id) is not int or abs(user_id) > MAX_USER_ID:
        raise UnexpectedResponse("the user's id in its response is not a 64-bit integer")
    if user.get("active", True) is not True:
        raise TokenInvalid
    admin = user["admin"] if "admin" in user else document.get("admin")
    if admin is True or user.get("role") == Role.ADMIN:
        return ServiceUser(user_id, Role.ADMIN)
    return ServiceUser(user_id, Role.GRADER if user.get("role") == Role.GRADER else Role.LEARNER)


def from_config(config: Mapping[str, Any]) -> UsersService | None:
    """Return the client of the users-service in the settings, if there is one."""
    if not config["USERS_SERVICE_URL"]:
        return None
    return UsersService(
        config["USERS_SERVICE_URL"],
        connect_timeout=config["USERS_SERVICE_CONNECT_TIMEOUT"],
        read_timeout=config["USERS_SERVICE_READ_TIMEOUT"],
        cache_seconds=config["USERS_SERVICE_CACHE_SECONDS"],
        at_once=max(1, min(config["USERS_SERVICE_AT_ONCE"], config["WEB_THREADS"] - 1)),
    )
