"""Signed tokens (JWT, HS256): issued at log-in, verified with every request, revoked at log-out."""

import datetime as dt
import re
import time
import uuid
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any

import jwt
import sqlalchemy as sa
from flask import current_app
from jwt.types import Options
from pydantic import BeforeValidator, Field, ValidationError
from sqlalchemy.dialects.postgresql import insert

from project.api.schemas import Int64, Payload
from project.api.users.models import RevokedToken
from project.api.users.queries import ROLE_OF_HOLDER
from project.extensions import db
from project.postgres.prepared import Statement, decoded, statement_pool
from project.settings.secret_key import secret_key
from project.web.auth import Caller, TokenHolder
from project.web.errors import TokenInvalid
from project.web.roles import Role

ALGORITHM = "HS256"
CLOCK_SKEW_SECONDS = 60
LAST_SECOND = int(dt.datetime.max.replace(tzinfo=dt.UTC).timestamp())


CACHED_TOKENS = 16_384

_ROLE_OF_HOLDER = Statement(ROLE_OF_HOLDER, only_reads=True)


def _user_id(text: Any) -> Any:
    """Return the subject of an issued token as an integer. Pydantic refuses everything else."""
    return int(text) if isinstance(text, str) and re.fullmatch(r"-?[0-9]{1,20}", text) else text


class Claims(Payload):
    """The claims of a token (RFC 7519, section 4.1)."""

    sub: Annotated[Int64, BeforeValidator(_user_id)]
    jti: uuid.UUID = Field(strict=False)
    iat: int = Field(gt=0, le=LAST_SECOND)
    exp: int = Field(gt=0, le=LAST_SECOND)


def issue_token(user_id: int, lifetime_seconds: int | None = None) -> str:
    """Return a new token for a user. By default, it is valid for TOKEN_LIFETIME_SECONDS."""
    now = dt.datetime.now(dt.UTC)
    lifetime = dt.timedelta(seconds=lifetime_seconds or current_app.config["TOKEN_LIFETIME_SECONDS"])
    claims = {"sub": str(user_id), "iat": now, "exp": now + lifetime, "jti": str(uuid.uuid4())}
    return jwt.encode(claims, secret_key(current_app.config), ALGORITHM)


def unsigned(token: str) -> dict[str, Any]:
    """Return the claims of an issued token, without verifying it."""
    claims: dict[str, Any] = jwt.decode(token, options=Options(verify_signature=False))
    return claims


def signed(claims: dict[str, Any]) -> str:
    """Return the token with these claims: the same again, as long as SECRET_KEY is the same."""
    return jwt.encode(claims, secret_key(current_app.config), ALGORITHM)


def read_token(token: str, settings: Mapping[str, Any]) -> Claims:
    """Return the claims of a token. Raises `TokenInvalid` unless it was issued here and has not expired."""
    claims = _verify(token, secret_key(settings))
    now = time.time()
    if claims.exp <= now or claims.iat > now + CLOCK_SKEW_SECONDS:
        raise TokenInvalid
    return claims


@lru_cache(CACHED_TOKENS)
def _verify(token: str, secret: str) -> Claims:
    """Verify the signature, which is cached; the caller compares the times with every request."""
    # The clock of the machine that issued it may be a little ahead; PyJWT allows no difference.
    options = Options(verify_iat=False, verify_exp=False)
    try:
        return Claims.model_validate(jwt.decode(token, secret, algorithms=[ALGORITHM], options=options))
    except (jwt.InvalidTokenError, ValidationError, OverflowError):
        raise TokenInvalid from None


def revoke_token(token: str) -> None:
    """Make a token invalid from now on, and delete the rows of expired tokens. The caller commits."""
    claims = read_token(token, current_app.config)
    db.session.execute(sa.delete(RevokedToken).where(RevokedToken.expires_at < sa.func.now()))
    statement = insert(RevokedToken).values(id=claims.jti, expires_at=dt.datetime.fromtimestamp(claims.exp, dt.UTC))
    db.session.execute(statement.on_conflict_do_nothing())


class EmbeddedUsers:
    """The `Authenticator` of a service with its own users."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings

    def recognise(self, token: str) -> TokenHolder:
        """Return the user whom the token names, for a statement that also looks up the role."""
        claims = read_token(token, self._settings)
        return TokenHolder(claims.sub, token, issued_at=claims.iat, token_id=str(claims.jti))

    def authenticate(self, token: str) -> Caller:
        """Return the holder of the token. Raises `TokenInvalid` also when it was revoked or the user is not active."""
        holder = self.recognise(token)
        rows = statement_pool().rows(_ROLE_OF_HOLDER, holder.proof())
        if not rows:
            raise TokenInvalid
        ((role,),) = rows
        return Caller(holder.id, Role(decoded(role)), token)
