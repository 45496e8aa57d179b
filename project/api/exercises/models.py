"""An exercise: what the learner reads, and how an answer is judged."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from project.api.exercises.grading import Grading
from project.extensions import Model

IS_GRADING = sa.text(f"grading IN ({', '.join(repr(grading.value) for grading in Grading)})")


class Exercise(Model):
    """One exercise of this service's own catalogue."""

    __tablename__ = "exercises"
    __table_args__ = (sa.CheckConstraint(IS_GRADING, "known_grading"),)

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    exercise_body: Mapped[str] = mapped_column(sa.Text)
    # For admins' eyes only: a learner who can read the solution needs no grading.
    test_code: Mapped[str] = mapped_column(sa.Text)
    test_code_solution: Mapped[str] = mapped_column(sa.Text)
    grading: Mapped[str] = mapped_column(sa.Text, server_default=Grading.SELF)
    created_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())
