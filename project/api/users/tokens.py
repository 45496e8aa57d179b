"""Signed tokens (JWT, HS256): issued at log-in, checked with every call, revoked at log-out."""

import datetime as dt
import uuid
from dataclasses import dataclass

import jwt
import sqlalchemy as sa
from flask import current_app
from sqlalchemy.dialects.postgresql import insert

from project.api.users.models import RevokedToken, User
from project.auth import Caller
from project.errors import TokenInvalid
from project.extensions import db
from project.roles import Role
from project.secret_key import secret_key

ALGORITHM = "HS256"


@dataclass(frozen=True)
class Claims:
    """What a token of ours says."""

    user_id: int
    token_id: uuid.UUID
    expires_at: dt.datetime


def issue_token(user_id: int, lifetime_seconds: int | None = None) -> str:
    """Return a new token for a user; it lasts as TOKEN_LIFETIME_SECONDS says, unless told otherwise."""
    now = dt.datetime.now(dt.UTC)
    lifetime = dt.timedelta(seconds=lifetime_seconds or current_app.config["TOKEN_LIFETIME_SECONDS"])
    claims = {"sub": str(user_id), "iat": now, "exp": now + lifetime, "jti": str(uuid.uuid4())}
    return jwt.encode(claims, secret_key(current_app.config), ALGORITHM)


def read_token(token: str) -> Claims:
    """Return what a token says. Raises `TokenInvalid` unless it is one of ours and has not expired."""
    try:
        claims = jwt.decode(
            token,
            secret_key(current_app.config),
            algorithms=[ALGORITHM],
            options={"require": ["sub", "iat", "exp", "jti"]},
        )
        expires_at = dt.datetime.fromtimestamp(claims["exp"], dt.UTC)
        return Claims(int(claims["sub"]), uuid.UUID(claims["jti"]), expires_at)
    except (jwt.InvalidTokenError, ValueError, OverflowError):
        raise TokenInvalid from None


def revoke_token(token: str) -> None:
    """Make a token invalid from now on, and forget those that have expired anyway. The caller commits."""
    claims = read_token(token)
    db.session.execute(sa.delete(RevokedToken).where(RevokedToken.expires_at < sa.func.now()))
    statement = insert(RevokedToken).values(id=claims.token_id, expires_at=claims.expires_at)
    db.session.execute(statement.on_conflict_do_nothing())


class EmbeddedUsers:
    """The `Authenticator` of a service that keeps its own users."""

    def authenticate(self, token: str) -> Caller:
        """Return who holds the token. Raises `TokenInvalid` also when it was revoked or the user is not active."""
        claims = read_token(token)
        revoked = sa.exists().where(RevokedToken.id == claims.token_id)
        statement = sa.select(User.role).where(User.id == claims.user_id, User.active, ~revoked)
        role = db.session.scalar(statement)
        if role is None:
            raise TokenInvalid
        return Caller(claims.user_id, Role(role), token)
