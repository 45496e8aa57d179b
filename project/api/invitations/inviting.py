"""Adding an invitation, and using it."""

import datetime as dt
import hashlib
import secrets
from typing import Any, NamedTuple

import sqlalchemy as sa

from project.api.invitations.models import Invitation
from project.extensions import db

CODE_BYTES = 16  # random: there are too many codes to guess one
VISIBLE = tuple(column for column in Invitation.__table__.columns if column.name != "code_hash")


class NewInvitation(NamedTuple):
    """An invitation with its code, which cannot be read again."""

    code: str
    data: dict[str, Any]


def add_invitation(uses: int, days: int, created_by: int | None = None) -> NewInvitation:
    """Add an invitation, and delete those that have expired. The caller commits."""
    code = secrets.token_urlsafe(CODE_BYTES)
    db.session.execute(sa.delete(Invitation).where(Invitation.expires_at < sa.func.now()))
    values = {
        "code_hash": _hash(code),
        "uses": uses,
        "uses_left": uses,
        "created_by": created_by,
        "expires_at": sa.func.now() + dt.timedelta(days=days),
    }
    row = db.session.execute(sa.insert(Invitation).values(values).returning(*VISIBLE)).mappings().one()
    return NewInvitation(code, dict(row))


def is_usable(code: str) -> bool:
    """Whether the code can be used to register now."""
    return db.session.scalar(sa.select(Invitation.id).where(*_usable(code))) is not None


def one_use(code: str) -> sa.CTE:
    """Return the part of a statement that uses an invitation once. It has a row if a use was left.

    Of two statements at the same time, the second waits for the transaction of the first, and then sees the uses left.
    """
    statement = sa.update(Invitation).where(*_usable(code)).values(uses_left=Invitation.uses_left - 1)
    return statement.returning(Invitation.id).cte("one_use")


def _usable(code: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Invitation.code_hash == _hash(code),
        Invitation.uses_left > 0,
        Invitation.expires_at > sa.func.clock_timestamp(),
    )


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
