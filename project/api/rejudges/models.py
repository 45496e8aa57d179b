"""A rejudge, what it found for each submission, and what follows for each score."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from project.api.rejudges.states import RejudgeState
from project.extensions import Model

IS_STATE = sa.text(f"state IN ({', '.join(repr(state.value) for state in RejudgeState)})")


class Rejudge(Model):
    """One job: the submissions of an exercise that were done when it began, under the version of then."""

    __tablename__ = "rejudges"
    __table_args__ = (
        sa.CheckConstraint(IS_STATE, "known_state"),
        sa.Index(None, "exercise_id", "id"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    exercise_id: Mapped[int] = mapped_column(sa.BigInteger)
    exercise_version: Mapped[int]
    requested_by: Mapped[int] = mapped_column(sa.BigInteger)
    state: Mapped[str] = mapped_column(sa.Text, server_default=RejudgeState.QUEUED)
    submissions: Mapped[int]  # to judge
    judged: Mapped[int] = mapped_column(server_default=sa.text("0"))
    lost: Mapped[int] = mapped_column(server_default=sa.text("0"))  # workers, since the last one that got on
    applied: Mapped[int | None]  # scores that were changed
    skipped: Mapped[int | None]  # scores that had been changed since, and were left
    restored: Mapped[int | None]  # scores that were changed back
    created_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())
    ready_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    applied_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    undone_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))


class RejudgeResult(Model):
    """How a submission fared this time."""

    __tablename__ = "rejudge_results"

    rejudge_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    submission_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(sa.BigInteger)
    verdict: Mapped[str] = mapped_column(sa.Text)
    points: Mapped[int]
    max_points: Mapped[int]


class RejudgeChange(Model):
    """A score that would be another one."""

    __tablename__ = "rejudge_changes"

    rejudge_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    score_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(sa.BigInteger)
    # The ledger's entry that was found, and the one that applying made: what has another by then is left alone.
    change_id: Mapped[int] = mapped_column(sa.BigInteger)
    applied_change_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    before_correct: Mapped[bool]
    before_points: Mapped[int | None]
    before_max_points: Mapped[int | None]
    before_decided_by: Mapped[int] = mapped_column(sa.BigInteger)
    after_correct: Mapped[bool]
    after_points: Mapped[int]
    after_max_points: Mapped[int]
    after_decided_by: Mapped[int] = mapped_column(sa.BigInteger)
