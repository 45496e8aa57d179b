"""Users, and the tokens that they logged out of."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from project.api.users.names import NAME_KEY
from project.extensions import Model
from project.web.roles import Role

IS_ROLE = sa.text(f"role IN ({', '.join(repr(role.value) for role in Role)})")


class User(Model):
    """Somebody with an account here. Names and addresses are kept as typed, and told apart regardless of case.

    Names that look alike are one name, too (`names.NAME_KEY`), but for those that were there before that was a rule:
    all but the oldest of them have `shares_name`.
    """

    __tablename__ = "users"
    __table_args__ = (
        sa.CheckConstraint(IS_ROLE, "known_role"),
        # PostgreSQL checks the older index first: of somebody who is there already, it is the address that is taken.
        sa.Index("uq_users_email", sa.text("lower(email)"), unique=True),
        sa.Index("uq_users_username", sa.text(NAME_KEY), unique=True, postgresql_where=sa.text("NOT shares_name")),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    username: Mapped[str] = mapped_column(sa.Text)
    email: Mapped[str] = mapped_column(sa.Text)
    password_hash: Mapped[str] = mapped_column(sa.Text)
    active: Mapped[bool] = mapped_column(server_default=sa.true())
    role: Mapped[str] = mapped_column(sa.Text, server_default=Role.LEARNER)
    # Tokens from before are refused; a new password moves it.
    tokens_since: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())
    created_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())
    shares_name: Mapped[bool] = mapped_column(server_default=sa.false())


class RevokedToken(Model):
    """A token that was logged out before its time. Kept until it would have expired."""

    __tablename__ = "revoked_tokens"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    expires_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), index=True)
