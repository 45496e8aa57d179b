"""What callers see of an exercise, and the statements that read and write it."""

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from project.api.exercises.models import CaseInput, Exercise, ExerciseVersion
from project.sandbox.limits import Limits

OF_ANY_CASE = ("name", "kind", "points", "hidden")
OF_A_SHOWN_CASE = (
    *("input", "input_bytes"),
    *("function", "arguments", "keywords", "expected", "raises", "calls"),
    *("setup", "query", "ordered", "column_names"),
)
SHOWN_OF_A_LANGUAGE = ("starter", "cpu_factor", "memory_factor")
SHOWN_LIMITS = ("cpu_ms", "wall_ms", "memory_bytes", "output_bytes")

Columns = tuple[sa.ColumnElement[Any] | Any, ...]


class _Shown(sa.TypeDecorator[Any]):
    """JSON of the database as a caller sees it, encoded by `json`, since orjson encodes no integer over 64 bits."""

    impl = sa.JSON
    cache_ok = True

    def __init__(self, show: Callable[[Any], Any]) -> None:
        super().__init__()
        self.show = show

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> orjson.Fragment:  # noqa: ARG002 - SQLAlchemy's
        """Return what is shown of a stored value."""
        return orjson.Fragment(json.dumps(self.show(value)))


def for_learners(case: Mapping[str, Any]) -> dict[str, Any]:
    """Return what learners see of a case: never how it is checked, and of a hidden case not its input either."""
    filled = {"points": 1, "hidden": False, **case}  # a case that was written in SQL may lack these
    names = OF_ANY_CASE if filled["hidden"] else OF_ANY_CASE + OF_A_SHOWN_CASE
    return {name: filled[name] for name in names if name in filled}


def _cases_for_learners(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [for_learners(case) for case in cases]


def _cases_for_admins(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"points": 1, "hidden": False, **case} for case in cases]


def _languages_for_learners(languages: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        language: {name: stored.get(name) for name in SHOWN_OF_A_LANGUAGE}
        for language, stored in languages.items()
        if isinstance(stored, dict)  # it may have been written in SQL
    }


def _limits_in_force(stored: dict[str, int]) -> dict[str, int]:
    limits = Limits.from_json(stored).as_json()
    return {name: limits[name] for name in SHOWN_LIMITS}


def _shown(of: type[Exercise | ExerciseVersion], cases: Callable[[Any], Any]) -> Columns:
    """Return the columns that are shown in another form than they are stored in."""
    table = of.__tablename__
    points = f"(SELECT sum(coalesce((c ->> 'points')::int, 1)) FROM json_array_elements({table}.cases) AS c)"  # noqa: S608 - our own names
    return (
        sa.type_coerce(of.cases, _Shown(cases)).label("cases"),
        sa.type_coerce(of.limits, _Shown(_limits_in_force)).label("limits"),
        sa.literal_column(f"coalesce({points}, 1)", sa.BigInteger).label("max_points"),
    )


_COMMON: Columns = (
    Exercise.id,
    Exercise.exercise_body,
    Exercise.grading,
    Exercise.created_at,
    Exercise.slug,
    Exercise.title,
    Exercise.language,
    Exercise.policy,
    Exercise.starter,
    Exercise.version,
    Exercise.updated_at,
    Exercise.support_files,
)
# The languages with their reference solutions.
_LANGUAGES_FOR_ADMINS = """
(
    SELECT coalesce(json_object_agg(language.key, json_build_object(
        'starter', language.value -> 'starter', 'cpu_factor', language.value -> 'cpu_factor',
        'memory_factor', language.value -> 'memory_factor',
        'reference_solution', exercises.reference_solutions -> language.key
    )), '{}') FROM json_each(exercises.languages) AS language
)
"""
LEARNER_COLUMNS: Columns = (
    *_COMMON,
    *_shown(Exercise, _cases_for_learners),
    sa.type_coerce(Exercise.languages, _Shown(_languages_for_learners)).label("languages"),
)
ADMIN_COLUMNS: Columns = (
    *_COMMON,
    *_shown(Exercise, _cases_for_admins),
    sa.literal_column(_LANGUAGES_FOR_ADMINS, sa.JSON).label("languages"),
    Exercise.test_code,
    Exercise.test_code_solution,
    Exercise.shared_sandbox,
    Exercise.stop_after_time_limits,
    Exercise.reference_solution,
)
VERSION_COLUMNS: Columns = (
    ExerciseVersion.version.label("id"),  # the key of the pages
    ExerciseVersion.exercise_id,
    ExerciseVersion.version,
    ExerciseVersion.exercise_body,
    ExerciseVersion.title,
    ExerciseVersion.starter,
    ExerciseVersion.language,
    ExerciseVersion.test_code,
    ExerciseVersion.test_code_solution,
    ExerciseVersion.shared_sandbox,
    ExerciseVersion.stop_after_time_limits,
    ExerciseVersion.policy,
    ExerciseVersion.created_at,
    ExerciseVersion.support_files,
    *_shown(ExerciseVersion, _cases_for_admins),
    sa.type_coerce(ExerciseVersion.languages, _Shown(_languages_for_learners)).label("languages"),
)

# What identifies the state of an exercise for ETags: not the version alone, since not every change makes a version.
# Admins see more at the same address, so their state has another name.
_STATE = "exercises.version || '-' || (extract(epoch FROM exercises.updated_at) * 1000000)::bigint"
LEARNER_STATE, ADMIN_STATE = (sa.literal_column(f"{_STATE} || '{ending}'", sa.Text) for ending in ("", "-all"))


def _offers(language: object) -> sa.ColumnElement[bool]:
    """Return the condition that learners may choose a language."""
    return sa.or_(Exercise.language == language, Exercise.languages[language].is_not(sa.null()))


FILTERS: Mapping[str, Any] = {"language": _offers, "slug": Exercise.slug.__eq__}


def exercises(wanted: Mapping[str, object], *, for_admin: bool) -> sa.Select[*tuple[Any, ...]]:
    """Return the exercises that pass the filters in `wanted`; deleted ones never do."""
    statement: sa.Select[*tuple[Any, ...]] = sa.select(*(ADMIN_COLUMNS if for_admin else LEARNER_COLUMNS))
    conditions = [FILTERS[name](value) for name, value in wanted.items() if name in FILTERS]
    return statement.where(Exercise.deleted_at.is_(None), *conditions)


def exercise(exercise_id: int, *, for_admin: bool) -> sa.Select[*tuple[Any, ...]]:
    """Return one exercise, and the name of its state."""
    state = ADMIN_STATE if for_admin else LEARNER_STATE
    return exercises({}, for_admin=for_admin).add_columns(state.label("state")).where(Exercise.id == exercise_id)


def add(values: Mapping[str, Any]) -> sa.Insert:
    """Add an exercise."""
    return sa.insert(Exercise).values(**values).returning(*ADMIN_COLUMNS, ADMIN_STATE.label("state"))


def replace(exercise_id: int, values: Mapping[str, Any], states: Collection[str] | None) -> sa.Update:
    """Replace an exercise by another one, if it is in one of these states; None: in any."""
    return _existing(exercise_id, states).values(**values).returning(*ADMIN_COLUMNS, ADMIN_STATE.label("state"))


def delete(exercise_id: int, states: Collection[str] | None) -> sa.Update:
    """Mark an exercise as deleted, if it is in one of these states: its submissions and scores stay."""
    return _existing(exercise_id, states).values(deleted_at=sa.func.now()).returning(Exercise.id)


def _existing(exercise_id: int, states: Collection[str] | None) -> sa.Update:
    statement = sa.update(Exercise).where(Exercise.id == exercise_id, Exercise.deleted_at.is_(None))
    return statement if states is None else statement.where(ADMIN_STATE.in_(states))


def newest_with_slug(slug: str | None) -> sa.Select[*tuple[Any, ...]]:
    """Return the exercise with a slug as it is stored; if there is none, the last one that had it and was deleted."""
    return (
        sa.select(*Exercise.__table__.columns)
        .where(Exercise.slug == slug)
        .order_by(Exercise.deleted_at.is_(None).desc(), Exercise.id.desc())
        .limit(1)
    )


def bring_back(exercise_id: int, values: Mapping[str, Any]) -> sa.Update:
    """Replace an exercise that may be deleted."""
    return sa.update(Exercise).where(Exercise.id == exercise_id).values(**values, deleted_at=None)


def versions(exercise_id: int) -> sa.Select[*tuple[Any, ...]]:
    """Return the versions of an exercise, also of a deleted one."""
    statement: sa.Select[*tuple[Any, ...]] = sa.select(*VERSION_COLUMNS)
    return statement.where(ExerciseVersion.exercise_id == exercise_id)


def add_input(digest: str, content: bytes) -> sa.Insert:
    """Store a large input, if it is not there."""
    return postgresql.insert(CaseInput).values(digest=digest, content=content).on_conflict_do_nothing()


def input_content(digest: str) -> sa.Select[bytes]:
    """Return a large input."""
    return sa.select(CaseInput.content).where(CaseInput.digest == digest)


def inputs(digests: Collection[str], shown: int) -> sa.Select[str, bytes, int]:
    """Return the digests of those inputs that are stored, with the first bytes and the size of each."""
    beginning = sa.func.substring(CaseInput.content, 1, shown, type_=sa.LargeBinary)
    size = sa.func.octet_length(CaseInput.content, type_=sa.BigInteger)
    return sa.select(CaseInput.digest, beginning.label("beginning"), size.label("size")).where(
        CaseInput.digest.in_(digests)
    )
