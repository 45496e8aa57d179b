"""The keys of writes, and the answers that are kept for their repeats."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import psycopg
import sqlalchemy as sa
from flask import current_app, g, request
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import scoped_session

from project.extensions import db
from project.settings.secret_key import secret_key
from project.web.errors import ApiError, InvalidPayload

HEADER = "Idempotency-Key"
MAX_LENGTH = 255
ANYBODY = 0  # whoever needs no token; no user has this id
# A second request waits so long for the first one's answer, and holds a thread meanwhile.
WAIT_SECONDS = 3
# One key in so many also clears away those that are over.
CLEANING = 50

keys = sa.Table(
    "idempotency_keys",
    db.metadata,
    sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
    # Hashes: an address is long, and a body may hold a password.
    sa.Column("key", sa.LargeBinary, primary_key=True),
    sa.Column("fingerprint", sa.LargeBinary, nullable=False),
    # The answer; or what it is about, of a write that goes on after its first transaction.
    sa.Column("status", sa.SmallInteger),
    sa.Column("headers", JSONB),
    sa.Column("body", sa.LargeBinary),
    sa.Column("reference", sa.BigInteger),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, index=True),
)

# A row comes back for the request that may go on. All others wait until that one has committed or rolled back.
_CLAIM = sa.text("""
    INSERT INTO idempotency_keys AS k (user_id, key, fingerprint, expires_at)
    VALUES (:user_id, :key, :fingerprint, clock_timestamp() + make_interval(hours => :hours))
    ON CONFLICT (user_id, key) DO UPDATE SET
        fingerprint = excluded.fingerprint, status = NULL, headers = NULL, body = NULL, reference = NULL,
        created_at = excluded.created_at, expires_at = excluded.expires_at
    WHERE k.expires_at < clock_timestamp()
    RETURNING user_id
""")
_FIND = sa.text("""
    SELECT fingerprint, status, headers, body, reference FROM idempotency_keys
    WHERE user_id = :user_id AND key = :key AND expires_at >= clock_timestamp()
""")
_STORE = sa.text("""
    UPDATE idempotency_keys SET status = :status, headers = :headers, body = :body
    WHERE user_id = :user_id AND key = :key
""").bindparams(sa.bindparam("headers", type_=JSONB))
_REFER = sa.text("UPDATE idempotency_keys SET reference = :reference WHERE user_id = :user_id AND key = :key")
_FORGET = sa.text("DELETE FROM idempotency_keys WHERE user_id = :user_id AND key = :key AND reference = :reference")
# now(): the clock may give another time for each row, so that no index could find them.
_CLEAN = sa.text("DELETE FROM idempotency_keys WHERE expires_at < now()")
# For this transaction; afterwards the write's own statements wait as long as they ever do.
_IMPATIENT = sa.text(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")
_PATIENT = sa.text("SET LOCAL lock_timeout = DEFAULT")

Connection = sa.Connection | scoped_session[Any]


class KeyReused(ApiError):
    """The Idempotency-Key came with another request before."""

    http_status = 422
    status: ClassVar[Literal["fail", "error"]] = "fail"
    message = "Sorry. That Idempotency-Key was used for another request."


class StillAnswering(ApiError):
    """The first request with the Idempotency-Key has not been answered yet."""

    http_status = 409
    status: ClassVar[Literal["fail", "error"]] = "fail"
    message = "The first request with that Idempotency-Key is still being answered. Please try again."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


@dataclass(frozen=True, slots=True)
class Key:
    """A caller's key for one address and method. Each method takes the transaction that it is part of."""

    user_id: int
    digest: bytes
    fingerprint: bytes  # of what was sent

    def claim(self, connection: Connection) -> Mapping[str, Any] | None:
        """Take the key for this request; return what is kept if another one has taken it.

        Raises:
            KeyReused: with another body or query.
            StillAnswering: the other one takes its time.

        """
        values = self._values(fingerprint=self.fingerprint, hours=current_app.config["IDEMPOTENCY_HOURS"])
        connection.execute(_IMPATIENT)
        try:
            claimed = connection.execute(_CLAIM, values).first()
        except sa.exc.OperationalError as error:
            if isinstance(error.orig, psycopg.errors.LockNotAvailable):
                raise StillAnswering from None
            raise
        connection.execute(_PATIENT)
        if claimed is not None:
            return None
        found = self.find(connection)
        if found is None:  # it was over at this very moment
            raise StillAnswering
        return found

    def find(self, connection: Connection) -> Mapping[str, Any] | None:
        """Return what is kept, if anything is. Raises `KeyReused` like `claim`."""
        found = connection.execute(_FIND, self._values()).mappings().one_or_none()
        if found is not None and not hmac.compare_digest(found["fingerprint"], self.fingerprint):
            raise KeyReused
        return dict(found) if found is not None else None

    def store(self, connection: Connection, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Keep the answer."""
        connection.execute(_STORE, self._values(status=status, headers=dict(headers), body=body))

    def refer_to(self, connection: Connection, reference: int) -> None:
        """Keep what the answer is about."""
        connection.execute(_REFER, self._values(reference=reference))

    def forget(self, connection: Connection, reference: int) -> None:
        """Give the key free, if it still refers to this."""
        connection.execute(_FORGET, self._values(reference=reference))

    def _values(self, **more: Any) -> dict[str, Any]:
        return {"user_id": self.user_id, "key": self.digest, **more}


def key_of_request(invalid: type[InvalidPayload]) -> Key:
    """Return the key that the request carries; once in a while, clear away those that are over.

    Raises:
        InvalidPayload: (as the class `invalid`) it is none.

    """
    text = request.headers[HEADER].strip()
    # The draft wants it in quotes; most clients leave them out.
    text = text[1:-1] if re.fullmatch(r'".+"', text) else text
    if not re.fullmatch(rf"[ -~]{{1,{MAX_LENGTH}}}", text):
        raise invalid(errors={HEADER: [f"Must have 1 to {MAX_LENGTH} printable ASCII characters."]})
    db.session.remove()  # gives back the connection that asked who is calling: a thread holds one at a time
    if secrets.randbelow(CLEANING) == 0:
        with db.engine.begin() as connection:
            connection.execute(_CLEAN)
    caller = g.get("caller")
    # Without SECRET_KEY, nobody who reads the table finds out by trial what was sent: it may have been a password.
    secret = secret_key(current_app.config).encode(errors="surrogateescape")
    sent = request.query_string + b"\n" + request.get_data()
    return Key(
        user_id=caller.id if caller else ANYBODY,
        digest=hashlib.sha256(f"{request.method}\n{request.path}\n{text}".encode()).digest(),
        fingerprint=hmac.digest(secret, sent, "sha256"),
    )
