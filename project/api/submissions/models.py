"""Submissions: answers that were handed in, and their verdicts."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from project.api.submissions.states import State
from project.extensions import Model
from project.judging.verdicts import Verdict

IS_STATE = sa.text(f"state IN ({', '.join(repr(state.value) for state in State)})")
VERDICTS = tuple(verdict for verdict in Verdict if verdict is not Verdict.NOT_RUN)
IS_VERDICT = sa.text(f"verdict IN ({', '.join(repr(verdict.value) for verdict in VERDICTS)})")
IS_PENDING = sa.text("state <> 'done'")


class Submission(Model):
    """One answer. It may be queued and running several times before it is done."""

    __tablename__ = "submissions"
    __table_args__ = (
        sa.CheckConstraint(IS_STATE, "known_state"),
        sa.CheckConstraint(IS_VERDICT, "known_verdict"),
        sa.CheckConstraint("(state = 'done') = (verdict IS NOT NULL)", "verdict_when_done"),
        sa.CheckConstraint("(state = 'running') = (leased_until IS NOT NULL)", "lease_while_running"),
        # Limits the pending submissions of a learner: each has another `slot`. The index is small, so the sweep finds
        # pending submissions by it.
        sa.Index("uq_submissions_user_id_slot", "user_id", "slot", unique=True, postgresql_where=IS_PENDING),
        sa.Index(None, "user_id", "exercise_id", "id"),
        sa.Index(None, "user_id", "id"),
        sa.Index(None, "exercise_id", "id"),
        # By which the streams of events find what has ended.
        sa.Index(None, "finished_at", postgresql_where=sa.text("finished_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.BigInteger)
    exercise_id: Mapped[int] = mapped_column(sa.BigInteger)
    exercise_version: Mapped[int]
    language: Mapped[str] = mapped_column(sa.Text)
    answer: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.Text, server_default=State.QUEUED)
    slot: Mapped[int | None]  # the number of the learner's place; null for staff, who are not limited
    # How often it was claimed. Only the last claim may record the verdict, and only until another process claims the
    # submission, after `leased_until`.
    run: Mapped[int] = mapped_column(server_default=sa.text("0"))
    leased_until: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    queued_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())
    verdict: Mapped[str | None] = mapped_column(sa.Text)
    cases: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB)  # as `CaseResult.as_json` returns them
    points: Mapped[int | None]
    max_points: Mapped[int | None]
    isolation_level: Mapped[int | None]
    limits: Mapped[dict[str, int] | None] = mapped_column(JSONB)
    cpu_ms: Mapped[float | None]
    wall_ms: Mapped[float | None]
    created_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())
    started_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))  # the last run
    finished_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    # The other files of the answer, by name.
    files: Mapped[dict[str, str] | None] = mapped_column(sa.JSON(none_as_null=True))
    # As `Diagnostic.as_json` returns them; null in submissions of earlier versions, as is the next.
    diagnostics: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    # As `CompilationUsage.as_json` returns it; null if nothing is compiled in the language.
    compilation: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
