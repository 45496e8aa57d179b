"""An exercise: what the learner reads, and how an answer is judged."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from project.api.exercises.grading import Grading, Policy
from project.api.exercises.triggers import CREATE, DROP
from project.extensions import Model

IS_GRADING = sa.text(f"grading IN ({', '.join(repr(grading.value) for grading in Grading)})")
IS_POLICY = sa.text(f"policy IN ({', '.join(repr(policy.value) for policy in Policy)})")
IS_LIST = sa.text("json_typeof(cases) = 'array'")
IS_DIGEST = sa.text("digest = encode(sha256(content), 'hex')")
IS_OBJECT = sa.text("jsonb_typeof(limits) = 'object'")
EMPTY = sa.text("'{}'::json")


class Exercise(Model):
    """One exercise of this service's own catalogue."""

    __tablename__ = "exercises"
    __table_args__ = (
        sa.CheckConstraint(IS_GRADING, "known_grading"),
        sa.CheckConstraint(IS_POLICY, "known_policy"),
        sa.CheckConstraint(IS_LIST, "list_of_cases"),
        sa.CheckConstraint(IS_OBJECT, "object_of_limits"),
        *(
            sa.CheckConstraint(sa.text(f"json_typeof({name}) = 'object'"), f"object_of_{name}")
            for name in ("support_files", "languages", "reference_solutions")
        ),
        # The slug of a deleted exercise can be used again.
        sa.Index("uq_exercises_slug", "slug", unique=True, postgresql_where=sa.text("deleted_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    exercise_body: Mapped[str] = mapped_column(sa.Text)
    # Only admins may read these: they contain the solution.
    test_code: Mapped[str] = mapped_column(sa.Text, server_default="")
    test_code_solution: Mapped[str] = mapped_column(sa.Text, server_default="")
    grading: Mapped[str] = mapped_column(sa.Text, server_default=Grading.SELF)
    created_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())
    slug: Mapped[str | None] = mapped_column(sa.Text)
    title: Mapped[str | None] = mapped_column(sa.Text)
    language: Mapped[str] = mapped_column(sa.Text, server_default="python")
    # As `project.judging.problems.Case` reads them; without any, the answer is judged by test_code. Kept as json, since
    # jsonb would sort the keys of arguments, and make an integer of 1e20.
    cases: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, server_default=sa.text("'[]'::json"))
    # Those that differ from the default.
    limits: Mapped[dict[str, int]] = mapped_column(JSONB, server_default=sa.text("'{}'::jsonb"))
    shared_sandbox: Mapped[bool] = mapped_column(server_default=sa.false())
    policy: Mapped[str] = mapped_column(sa.Text, server_default=Policy.BEST)
    starter: Mapped[str | None] = mapped_column(sa.Text)
    reference_solution: Mapped[str | None] = mapped_column(sa.Text)  # only admins may read it
    version: Mapped[int] = mapped_column(sa.BigInteger, server_default=sa.text("1"), server_onupdate=sa.FetchedValue())
    updated_at: Mapped[dt.datetime] = mapped_column(
        sa.DateTime(timezone=True), server_default=sa.func.now(), server_onupdate=sa.FetchedValue()
    )
    deleted_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    stop_after_time_limits: Mapped[int] = mapped_column(server_default=sa.text("2"))
    # By name: a text, or {"base64": …}. Every answer can read them.
    support_files: Mapped[dict[str, Any]] = mapped_column(sa.JSON, server_default=EMPTY)
    # Those that the learner may choose besides `language`, by name, with what differs in them.
    languages: Mapped[dict[str, dict[str, Any]]] = mapped_column(sa.JSON, server_default=EMPTY)
    # Of those languages, by name; only admins may read them.
    reference_solutions: Mapped[dict[str, str]] = mapped_column(sa.JSON, server_default=EMPTY)


class ExerciseVersion(Model):
    """An exercise as it was; each submission has the version by which it was judged. Triggers write these rows."""

    __tablename__ = "exercise_versions"

    exercise_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    exercise_body: Mapped[str] = mapped_column(sa.Text)
    title: Mapped[str | None] = mapped_column(sa.Text)
    starter: Mapped[str | None] = mapped_column(sa.Text)
    language: Mapped[str] = mapped_column(sa.Text)
    test_code: Mapped[str] = mapped_column(sa.Text)
    test_code_solution: Mapped[str] = mapped_column(sa.Text)
    cases: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    limits: Mapped[dict[str, int]] = mapped_column(JSONB)
    shared_sandbox: Mapped[bool]
    policy: Mapped[str] = mapped_column(sa.Text)
    created_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())
    stop_after_time_limits: Mapped[int] = mapped_column(server_default=sa.text("2"))
    support_files: Mapped[dict[str, Any]] = mapped_column(sa.JSON, server_default=EMPTY)
    languages: Mapped[dict[str, dict[str, Any]]] = mapped_column(sa.JSON, server_default=EMPTY)


class CaseInput(Model):
    """A large input, stored once however many cases and versions have it. Versions refer to it, so none is deleted."""

    __tablename__ = "case_inputs"
    __table_args__ = (sa.CheckConstraint(IS_DIGEST, "digest_of_content"),)

    digest: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)


# So that create_all() and drop_all() make and leave the same schema as the migrations.
for statement in CREATE:
    event.listen(Model.metadata, "after_create", sa.DDL(statement.replace("%", "%%")))  # type: ignore[no-untyped-call]
for statement in DROP:
    event.listen(Model.metadata, "after_drop", sa.DDL(statement))  # type: ignore[no-untyped-call]
