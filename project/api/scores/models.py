"""A learner's score for an exercise, and the ledger of its changes."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column

from project.api.scores import settling
from project.api.scores.sources import Source
from project.api.scores.triggers import CREATE, DROP
from project.extensions import Model

# Each row of the ledger, and each state of a score, has a number of its own.
CHANGE_IDS = sa.Sequence("score_change_ids", metadata=Model.metadata)

IS_SOURCE = sa.text(f"source IN ({', '.join(repr(source.value) for source in Source)})")


class Score(Model):
    """Whether a learner solved an exercise. One per learner and exercise.

    Neither has to be in this database: another service may keep the users or the exercises.
    """

    __tablename__ = "scores"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "exercise_id"),
        sa.CheckConstraint(IS_SOURCE, "known_source"),
        sa.Index(None, "exercise_id", "id"),
        sa.Index(None, "user_id", "id"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.BigInteger)
    exercise_id: Mapped[int] = mapped_column(sa.BigInteger)
    correct: Mapped[bool]
    source: Mapped[str] = mapped_column(sa.Text, server_default=Source.IMPORTED, server_onupdate=sa.FetchedValue())
    # The ledger's entry of this state. A change of a score sets another one, which the trigger replaces by the next
    # number, and sets recorded_by. A change that does not is SQL by hand: an override by an unknown user.
    change_id: Mapped[int] = mapped_column(
        sa.BigInteger, server_default=CHANGE_IDS.next_value(), server_onupdate=sa.FetchedValue()
    )
    recorded_by: Mapped[int | None] = mapped_column(sa.BigInteger, server_onupdate=sa.FetchedValue())
    created_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())
    updated_at: Mapped[dt.datetime] = mapped_column(
        sa.DateTime(timezone=True), server_default=sa.func.now(), server_onupdate=sa.FetchedValue()
    )
    # Of the submission that decided; null if the score was reported.
    points: Mapped[int | None]
    max_points: Mapped[int | None]
    attempts: Mapped[int] = mapped_column(server_default=sa.text("0"))  # graded submissions
    decided_by: Mapped[int | None] = mapped_column(sa.BigInteger, server_onupdate=sa.FetchedValue())  # a submission
    # What the last change came from, if it was one of these: a submission that was counted, or a rejudge.
    submission_id: Mapped[int | None] = mapped_column(sa.BigInteger, server_onupdate=sa.FetchedValue())
    rejudge_id: Mapped[int | None] = mapped_column(sa.BigInteger, server_onupdate=sa.FetchedValue())
    # When it was first solved. Null where that was never or, of one that was solved from the start, at created_at.
    solved_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True), server_onupdate=sa.FetchedValue())
    # Reported by the learner when the catalogue did not have the exercise: no board counts it.
    off_board: Mapped[bool] = mapped_column(server_default=sa.false(), server_onupdate=sa.FetchedValue())

    def __init__(  # noqa: PLR0913, PLR0917 - as specified
        self,
        user_id: int,
        exercise_id: int,
        correct: bool,  # noqa: FBT001 - as specified
        created_at: dt.datetime | None = None,
        updated_at: dt.datetime | None = None,
        source: Source | None = None,
        recorded_by: int | None = None,
    ) -> None:
        self.user_id = user_id
        self.exercise_id = exercise_id
        self.correct = correct
        # What is not given is left to the database.
        for name, value in {"created_at": created_at, "updated_at": updated_at, "source": source}.items():
            if value is not None:
                setattr(self, name, value)
        self.recorded_by = recorded_by


class ScoreChange(Model):
    """One change of a score. Triggers write these rows, and refuse to change or delete them."""

    __tablename__ = "score_changes"
    __table_args__ = (
        sa.Index(None, "score_id", "id"),
        # A submission is counted once, whatever happens to the processes that grade it.
        sa.Index(
            "uq_score_changes_user_id_submission_id",
            "user_id",
            "submission_id",
            unique=True,
            postgresql_where=sa.text("submission_id IS NOT NULL"),
        ),
        # Those of scores that are gone; the others are found by the user's scores. Costs no write of a score anything.
        sa.Index(None, "user_id", "score_id", postgresql_where=sa.text("action = 'deleted'")),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    score_id: Mapped[int] = mapped_column(sa.BigInteger)
    user_id: Mapped[int] = mapped_column(sa.BigInteger)
    exercise_id: Mapped[int] = mapped_column(sa.BigInteger)
    action: Mapped[str] = mapped_column(sa.Text)
    correct: Mapped[bool]
    source: Mapped[str] = mapped_column(sa.Text)
    recorded_by: Mapped[int | None] = mapped_column(sa.BigInteger)
    recorded_at: Mapped[dt.datetime] = mapped_column(
        sa.DateTime(timezone=True), server_default=sa.func.clock_timestamp()
    )
    points: Mapped[int | None]
    max_points: Mapped[int | None]
    attempts: Mapped[int] = mapped_column(server_default=sa.text("0"))
    submission_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    rejudge_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    reason: Mapped[str | None] = mapped_column(sa.Text)  # that staff gave


# So that create_all() and drop_all() make and leave the same schema as the migrations.
for statement in [*CREATE, *settling.CREATE]:
    event.listen(Model.metadata, "after_create", sa.DDL(statement.replace("%", "%%")))  # type: ignore[no-untyped-call]
for statement in [*DROP, *settling.DROP]:
    event.listen(Model.metadata, "after_drop", sa.DDL(statement))  # type: ignore[no-untyped-call]
