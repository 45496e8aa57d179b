"""The summaries of scores. Only triggers, and the functions that they call, write these rows."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column

from project.api.summaries.triggers import CREATE, DROP
from project.extensions import Model

# The changes that the summaries do not have yet: a new state of a score (n = 1), or one that was replaced (n = -1).
# There is no index, since readers read all of it. It is emptied all the time, so autovacuum depends on the rows that
# changed, and not on those that are left.
PENDING_CHANGES = sa.Table(
    "pending_changes",
    Model.metadata,
    sa.Column("user_id", sa.BigInteger, nullable=False),
    sa.Column("exercise_id", sa.BigInteger, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("solved_at", sa.DateTime(timezone=True)),
    sa.Column("change_id", sa.BigInteger, nullable=False),  # of that state of the score
    sa.Column("n", sa.Integer, nullable=False),
    postgresql_with={"autovacuum_vacuum_scale_factor": "0", "autovacuum_vacuum_threshold": "5000"},
)
# Without a key, logical replication could not carry its deletions.
event.listen(
    PENDING_CHANGES,
    "after_create",
    sa.DDL("ALTER TABLE pending_changes REPLICA IDENTITY FULL"),  # type: ignore[no-untyped-call]
)


class Standing(Model):
    """The position of a learner on a board; one who has solved nothing has none.

    Board 0 has all exercises, the others those of the exercise set with their id.
    """

    __tablename__ = "standings"
    __table_args__ = (sa.Index(None, "board_id", "descending", "reached_at", "user_id"),)

    board_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    solved: Mapped[int]
    # The index has the order of the board, and its columns are compared as one row.
    descending: Mapped[int] = mapped_column(sa.Integer, sa.Computed("-solved", persisted=True), nullable=False)
    reached_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))  # when `solved` was reached


# Statistics of a table of one row say that each learner has a board of their own; nearly all share one.
event.listen(
    Standing.__table__,
    "after_create",
    sa.DDL("ALTER TABLE standings ALTER COLUMN board_id SET (n_distinct = 20)"),  # type: ignore[no-untyped-call]
)


class _Counted:
    """How many learners a board has from this position up to that of the next row."""

    __table_args__ = ({"postgresql_with": {"fillfactor": "50"}},)

    board_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    descending: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reached_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    learners: Mapped[int] = mapped_column(sa.BigInteger, server_default=sa.text("0"))


class RankRange(_Counted, Model):
    """A range of a board: some hundred learners."""

    __tablename__ = "rank_ranges"


class RankBlock(_Counted, Model):
    """Some dozens of ranges of a board, so that a rank is a sum of few rows. It starts where a range does."""

    __tablename__ = "rank_blocks"


class ExerciseCount(Model):
    """How many learners needed so many attempts at an exercise so far, and how many of them solved it."""

    __tablename__ = "exercise_counts"
    __table_args__ = ({"postgresql_with": {"fillfactor": "50"}},)

    exercise_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    attempts: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    learners: Mapped[int] = mapped_column(sa.BigInteger)
    solved: Mapped[int] = mapped_column(sa.BigInteger)


class ExerciseSet(Model):
    """A named set of exercises, with a board of its own."""

    __tablename__ = "exercise_sets"
    __table_args__ = (sa.UniqueConstraint("name"),)

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(sa.Text)
    created_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())
    updated_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())


class ExerciseSetMember(Model):
    """An exercise of a set; it need not be in this service's catalogue."""

    __tablename__ = "exercise_set_members"
    __table_args__ = (sa.Index(None, "set_id"),)

    exercise_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    set_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)


# So that create_all() and drop_all() make and leave the same schema as the migrations.
for statement in CREATE:
    event.listen(Model.metadata, "after_create", sa.DDL(statement.replace("%", "%%")))  # type: ignore[no-untyped-call]
for statement in DROP:
    event.listen(Model.metadata, "after_drop", sa.DDL(statement))  # type: ignore[no-untyped-call]
