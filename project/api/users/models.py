"""Users, and revoked tokens."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from project.api.users.names import NAME_KEY
from project.extensions import Model
from project.web.roles import Role

IS_ROLE = sa.text(f"role IN ({', '.join(repr(role.value) for role in Role)})")


class User(Model):
    """A user with an account here. Names and addresses are stored as typed, and compared regardless of case.

    Names that look alike are the same name, too (`names.NAME_KEY`). Of users that shared a name before this was a rule,
    all but the oldest have `shares_name`.
    """

    __tablename__ = "users"
    __table_args__ = (
        sa.CheckConstraint(IS_ROLE, "known_role"),
        # PostgreSQL checks the older index first: if both address and name are taken, the error is about the address.
        sa.Index("uq_users_email", sa.text("lower(email)"), unique=True),
        sa.Index("uq_users_username", sa.text(NAME_KEY), unique=True, postgresql_where=sa.text("NOT shares_name")),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    username: Mapped[str] = mapped_column(sa.Text)
    email: Mapped[str] = mapped_column(sa.Text)
    password_hash: Mapped[str] = mapped_column(sa.Text)
    active: Mapped[bool] = mapped_column(server_default=sa.true())
    role: Mapped[str] = mapped_column(sa.Text, server_default=Role.LEARNER)
    # Tokens issued before this time are refused. A new password sets it.
    tokens_since: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())
    created_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())
    shares_name: Mapped[bool] = mapped_column(server_default=sa.false())


class RevokedToken(Model):
    """A token that was revoked by logging out. The row is kept until the token would have expired."""

    __tablename__ = "revoked_tokens"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    expires_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), index=True)
