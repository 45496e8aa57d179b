"""Invitations."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from project.extensions import Model


class Invitation(Model):
    """A permission to register, for anyone who has its code, a number of times until it expires."""

    __tablename__ = "invitations"
    __table_args__ = (
        sa.CheckConstraint("uses_left BETWEEN 0 AND uses", "uses_left_of_uses"),
        sa.Index("uq_invitations_code_hash", "code_hash", unique=True),
        sa.Index("ix_invitations_expires_at", "expires_at"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    # A hash, so that codes cannot be read from the database. Without a salt, since codes are random and long.
    code_hash: Mapped[bytes] = mapped_column(sa.LargeBinary)
    uses: Mapped[int]
    uses_left: Mapped[int]
    created_by: Mapped[int | None] = mapped_column(sa.BigInteger)  # null if a command created it
    created_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())
    expires_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))
