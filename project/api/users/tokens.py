"""Signed tokens (JWT, HS256): issued at log-in, checked with every call, revoked at log-out."""

import datetime as dt
import time
import uuid
from typing import Any

import jwt
import sqlalchemy as sa
from flask import current_app
from jwt.types import Options
from pydantic import Field, ValidationError
from sqlalchemy.dialects.postgresql import insert

from project.api.schemas import Payload, QueryInt64
from project.api.users.models import RevokedToken, User
from project.auth import Caller
from project.errors import TokenInvalid
from project.extensions import db
from project.roles import Role
from project.secret_key import secret_key

ALGORITHM = "HS256"
CLOCK_SKEW_SECONDS = 60
LAST_SECOND = int(dt.datetime.max.replace(tzinfo=dt.UTC).timestamp())


# A token says the second of its issue, rounded down. Takes: id, iat, jti. Made once: it is asked with every request.
_ROLE_OF_HOLDER = sa.select(User.role).where(
    User.id == sa.bindparam("id"),
    User.active,
    sa.func.date_trunc("second", User.tokens_since) <= sa.func.to_timestamp(sa.bindparam("iat")),
    ~sa.exists().where(RevokedToken.id == sa.bindparam("jti")),
)


class Claims(Payload):
    """What a token of ours says (RFC 7519, section 4.1)."""

    sub: QueryInt64
    jti: uuid.UUID = Field(strict=False)
    iat: int = Field(gt=0, le=LAST_SECOND)
    exp: int = Field(gt=0, le=LAST_SECOND)


def issue_token(user_id: int, lifetime_seconds: int | None = None) -> str:
    """Return a new token for a user; it lasts as TOKEN_LIFETIME_SECONDS says, unless told otherwise."""
    now = dt.datetime.now(dt.UTC)
    lifetime = dt.timedelta(seconds=lifetime_seconds or current_app.config["TOKEN_LIFETIME_SECONDS"])
    claims = {"sub": str(user_id), "iat": now, "exp": now + lifetime, "jti": str(uuid.uuid4())}
    return jwt.encode(claims, secret_key(current_app.config), ALGORITHM)


def unsigned(token: str) -> dict[str, Any]:
    """Return what a token of ours says, without what makes it one."""
    claims: dict[str, Any] = jwt.decode(token, options=Options(verify_signature=False))
    return claims


def signed(claims: dict[str, Any]) -> str:
    """Return the token that says this: the same as at first, as long as SECRET_KEY is the same."""
    return jwt.encode(claims, secret_key(current_app.config), ALGORITHM)


def read_token(token: str) -> Claims:
    """Return what a token says. Raises `TokenInvalid` unless it is one of ours and has not expired."""
    try:
        # Not to the second, as PyJWT would: the clock of the machine that issued it may be a little ahead of ours.
        options = Options(verify_iat=False)
        claims = jwt.decode(token, secret_key(current_app.config), algorithms=[ALGORITHM], options=options)
        read = Claims.model_validate(claims)
    except (jwt.InvalidTokenError, ValidationError, OverflowError):
        raise TokenInvalid from None
    if read.iat > time.time() + CLOCK_SKEW_SECONDS:
        raise TokenInvalid
    return read


def revoke_token(token: str) -> None:
    """Make a token invalid from now on, and forget those that have expired anyway. The caller commits."""
    claims = read_token(token)
    db.session.execute(sa.delete(RevokedToken).where(RevokedToken.expires_at < sa.func.now()))
    statement = insert(RevokedToken).values(id=claims.jti, expires_at=dt.datetime.fromtimestamp(claims.exp, dt.UTC))
    db.session.execute(statement.on_conflict_do_nothing())


class EmbeddedUsers:
    """The `Authenticator` of a service that keeps its own users."""

    def authenticate(self, token: str) -> Caller:
        """Return who holds the token. Raises `TokenInvalid` also when it was revoked or the user is not active."""
        claims = read_token(token)
        role = db.session.scalar(_ROLE_OF_HOLDER, {"id": claims.sub, "iat": claims.iat, "jti": claims.jti})
        if role is None:
            raise TokenInvalid
        return Caller(claims.sub, Role(role), token)
