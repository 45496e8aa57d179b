"""What an operation does with an Idempotency-Key: each of these is one way to answer a write and its repeats."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Protocol

import orjson
import sqlalchemy as sa
from flask import Response, g

from project.extensions import db
from project.web.errors import InvalidPayload
from project.web.idempotency.keys import HEADER, Key, StillAnswering

REPLAYED = "Idempotency-Replayed"
METHODS = frozenset({"POST", "PATCH"})  # a repeated PUT or DELETE does no more than the first
KEPT_HEADERS = ("Content-Type", "ETag", "Location")

View = Callable[[], Response]
KeyReader = Callable[[], Key]


class Secret(NamedTuple):
    """A field of an answer that is not kept as it is, but as something from which it can be made again."""

    field: str
    hide: Callable[[str], Any]
    show: Callable[[Any], str]


class Repeats(Protocol):
    """A way to answer requests with a key."""

    takes_key: ClassVar[bool]  # whether a key means anything

    def answer(self, read_key: KeyReader, view: View) -> Response:
        """Answer the first request by the view, and each repeat like the first. Views raise what is no success."""


@dataclass(frozen=True)
class Stored:
    """The answer is kept in the transaction of the write: what the view commits is held back until then."""

    secret: Secret | None = None
    takes_key: ClassVar[bool] = True

    def answer(self, read_key: KeyReader, view: View) -> Response:
        """Run the view in the transaction of the key."""
        key = read_key()
        with db.engine.begin() as connection:
            first = key.claim(connection)
            if first is not None:
                return self._replayed(first)
            with _joined(connection):
                response = view()
            self._store(key, connection, response)
        return response

    def _store(self, key: Key, connection: sa.Connection, response: Response) -> None:
        headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        key.store(connection, response.status_code, headers, self._change(response.get_data(), "hide"))

    def _replayed(self, first: Mapping[str, Any]) -> Response:
        response = Response(self._change(first["body"], "show"), first["status"], first["headers"])
        response.headers[REPLAYED] = "true"
        return response

    def _change(self, body: bytes, how: str) -> bytes:
        """Return a body with its secret hidden or shown."""
        if self.secret is None:
            return body
        values = orjson.loads(body)
        values[self.secret.field] = getattr(self.secret, how)(values[self.secret.field])
        return orjson.dumps(values)


@dataclass(frozen=True)
class StoredAfterwards(Stored):
    """The same for what takes long and writes nothing: no transaction is open meanwhile; two at once may both run."""

    def answer(self, read_key: KeyReader, view: View) -> Response:
        """Run the view, and keep its answer unless another one's is kept already."""
        key = read_key()
        with db.engine.connect() as connection:
            first = key.find(connection)
        if first is not None:
            return self._replayed(first)
        response = view()
        db.session.remove()
        with db.engine.begin() as connection:
            first = key.claim(connection)
            if first is not None:
                return self._replayed(first)
            self._store(key, connection, response)
        return response


class _Claimed(Exception):
    """Another request has taken the key."""

    def __init__(self, reference: int) -> None:
        super().__init__()
        self.reference = reference


@dataclass(frozen=True)
class Referred:
    """For a view that commits more than once. With its first commit it keeps what the answer is about.

    From that, `again` answers a repeat: with None for what is no longer there, as if it had never been sent, and the
    view is run anew. The view calls `claim()` before it writes, and `refer_to()` before it commits.
    """

    again: Callable[[int], Response | None]
    takes_key: ClassVar[bool] = True

    def answer(self, read_key: KeyReader, view: View) -> Response:
        """Run the view unless there is something that the answer is about."""
        key = read_key()
        with db.engine.connect() as connection:
            first = key.find(connection)
        response = self._replayed(key, first["reference"]) if first is not None else None
        if response is not None:
            return response
        g.idempotency_key = key
        try:
            return view()
        except _Claimed as claimed:
            db.session.rollback()
            response = self._replayed(key, claimed.reference)
            if response is None:
                raise StillAnswering from None
            return response
        finally:
            g.pop("idempotency_key")

    def _replayed(self, key: Key, reference: int) -> Response | None:
        response = self.again(reference)
        if response is None:
            db.session.remove()
            with db.engine.begin() as connection:
                key.forget(connection, reference)
            return None
        response.headers[REPLAYED] = "true"
        return response


def claim() -> None:
    """Take the request's key, if it carries one, in the session's transaction."""
    key: Key | None = g.get("idempotency_key")
    first = key.claim(db.session) if key else None
    if first is not None:
        raise _Claimed(first["reference"])


def refer_to(reference: int) -> None:
    """Keep what the answer is about with the request's key, if it carries one."""
    key: Key | None = g.get("idempotency_key")
    if key:
        key.refer_to(db.session, reference)


@dataclass(frozen=True)
class PassedOver:
    """A key means nothing: a repeat is carried out like any other request."""

    takes_key: ClassVar[bool] = False

    def answer(self, read_key: KeyReader, view: View) -> Response:  # noqa: ARG002 - the protocol's
        """Run the view."""
        return view()


@dataclass(frozen=True)
class Refused:
    """What can be repeated by halves only: who sends a key relies on something that is not promised."""

    takes_key: ClassVar[bool] = False

    def answer(self, read_key: KeyReader, view: View) -> Response:  # noqa: ARG002 - the protocol's
        """Refuse the request.

        Raises:
            InvalidPayload: naming the header.

        """
        raise InvalidPayload(errors={HEADER: ["This header is not supported for this operation."]})


@contextmanager
def _joined(connection: sa.Connection) -> Iterator[None]:
    """Let the session work in somebody else's transaction: its commits and rollbacks are those of savepoints."""
    db.session(bind=connection, join_transaction_mode="create_savepoint")
    try:
        yield
    finally:
        db.session.remove()
