"""How an operation handles a request with an Idempotency-Key: each class is one way to answer it and its repeats."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, NamedTuple, Protocol

import orjson
import sqlalchemy as sa
from flask import Response, g

from project.extensions import db
from project.web.errors import InvalidPayload
from project.web.idempotency.keys import HEADER, Key, StillAnswering, StoredKey
from project.web.responses import DeferredBody

REPLAYED = "Idempotency-Replayed"
METHODS = frozenset({"POST", "PATCH"})  # a repeated PUT or DELETE does no more than the first
STORED_HEADERS = ("Content-Type", "ETag", "Location")

View = Callable[[], Response]
KeyReader = Callable[[], Key]


class Secret(NamedTuple):
    """A field of a response that is not stored itself: what `hide` makes of it is, and `show` restores it."""

    field: str
    hide: Callable[[str], Any]
    show: Callable[[Any], str]


class KeyHandling(Protocol):
    """A way to respond to requests with a key."""

    uses_key: ClassVar[bool]  # whether a key has any effect

    def respond(self, read_key: KeyReader, view: View) -> Response:
        """Run the view for the first request, and respond to each repeat as to the first. Views raise their errors."""


@dataclass(frozen=True)
class StoreResponse:
    """Store the response in the transaction of the write: the view's commits take effect when that one commits."""

    secret: Secret | None = None
    uses_key: ClassVar[bool] = True

    def respond(self, read_key: KeyReader, view: View) -> Response:
        """Run the view in the transaction of the key."""
        key = read_key()
        with db.engine.begin() as connection:
            stored = key.claim(connection)
            if stored is not None:
                return self._replay(stored)
            with _session_on(connection):
                response = view()
            self._store(key, connection, response)
        return response

    def _store(self, key: Key, connection: sa.Connection, response: Response) -> None:
        headers = {name: response.headers[name] for name in STORED_HEADERS if name in response.headers}
        key.store(connection, response.status_code, headers, self._with_secret(response.get_data(), "hide"))

    def _replay(self, stored: StoredKey) -> Response:
        response = Response(self._with_secret(stored.body or b"", "show"), stored.status, stored.headers)
        response.headers[REPLAYED] = "true"
        return response

    def _with_secret(self, body: bytes, how: str) -> bytes:
        """Return a body with its secret hidden or shown."""
        if self.secret is None:
            return body
        values = orjson.loads(body)
        values[self.secret.field] = getattr(self.secret, how)(values[self.secret.field])
        return orjson.dumps(values)


@dataclass(frozen=True)
class StoreResponseAfterwards(StoreResponse):
    """For views that take long and write nothing: no transaction is open while they run; two at once may both run."""

    def respond(self, read_key: KeyReader, view: View) -> Response:
        """Run the view, and store its response unless another request has stored one."""
        key = read_key()
        with db.engine.connect() as connection:
            stored = key.find(connection)
        if stored is not None:
            return self._replay(stored)
        response = view()
        if isinstance(response.response, DeferredBody):
            response.response.store = partial(self._store_first, key)
            return response
        return self._store_first(key, response)

    def _store_first(self, key: Key, response: Response) -> Response:
        """Store a response and return it, or return the one that another request has stored."""
        db.session.remove()
        with db.engine.begin() as connection:
            stored = key.claim(connection)
            if stored is not None:
                return self._replay(stored)
            self._store(key, connection, response)
        return response


class _KeyClaimed(Exception):
    """Another request has claimed the key."""

    def __init__(self, reference: int) -> None:
        super().__init__()
        self.reference = reference


@dataclass(frozen=True)
class StoreReference:
    """For a view that commits more than once: its first commit stores the id of the resource it responds with.

    `replay` makes the response to a repeat from that id. It returns None when the resource no longer exists; the view
    is then run as for a first request. The view calls `claim_key()` before it writes, and `store_reference()` before
    it commits.
    """

    replay: Callable[[int], Response | None]
    uses_key: ClassVar[bool] = True

    def respond(self, read_key: KeyReader, view: View) -> Response:
        """Run the view unless the resource that it responds with exists."""
        key = read_key()
        with db.engine.connect() as connection:
            stored = key.find(connection)
        response = self._replay(key, stored.reference) if stored and stored.reference is not None else None
        if response is not None:
            return response
        g.idempotency_key = key
        try:
            return view()
        except _KeyClaimed as claimed:
            db.session.rollback()
            response = self._replay(key, claimed.reference)
            if response is None:
                raise StillAnswering from None
            return response
        finally:
            g.pop("idempotency_key")

    def _replay(self, key: Key, reference: int) -> Response | None:
        response = self.replay(reference)
        if response is None:
            db.session.remove()
            with db.engine.begin() as connection:
                key.release(connection, reference)
            return None
        response.headers[REPLAYED] = "true"
        return response


def claim_key() -> None:
    """Claim the request's key, if it has one, in the session's transaction."""
    key: Key | None = g.get("idempotency_key")
    stored = key.claim(db.session) if key else None
    if stored is not None:
        if stored.reference is None:
            raise StillAnswering
        raise _KeyClaimed(stored.reference)


def store_reference(reference: int) -> None:
    """Store the id of the resource that the response describes with the request's key, if it has one."""
    key: Key | None = g.get("idempotency_key")
    if key:
        key.refer_to(db.session, reference)


@dataclass(frozen=True)
class IgnoreKey:
    """Process a repeat like any other request."""

    uses_key: ClassVar[bool] = False

    def respond(self, read_key: KeyReader, view: View) -> Response:  # noqa: ARG002 - the protocol's
        """Run the view."""
        return view()


@dataclass(frozen=True)
class RejectKey:
    """Reject a key, since the operation cannot promise to be done once."""

    uses_key: ClassVar[bool] = False

    def respond(self, read_key: KeyReader, view: View) -> Response:  # noqa: ARG002 - the protocol's
        """Reject the request.

        Raises:
            InvalidPayload: naming the header.

        """
        raise InvalidPayload(errors={HEADER: ["This header is not supported for this operation."]})


@contextmanager
def _session_on(connection: sa.Connection) -> Iterator[None]:
    """Run the session in the transaction of a connection: its commits and rollbacks are those of savepoints."""
    db.session(bind=connection, join_transaction_mode="create_savepoint")
    try:
        yield
    finally:
        db.session.remove()
