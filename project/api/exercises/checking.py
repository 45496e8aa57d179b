"""The report of `manage.py check` on the stored exercises."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from project.api.exercises.further_languages import limits_in
from project.api.exercises.models import Exercise
from project.config import NATIVE_PYTHON, TOOLCHAINS
from project.judging.languages import LANGUAGES, Language
from project.judging.loose_tolerances import loose_tolerance
from project.judging.problems import Case
from project.sandbox.limits import Limits
from project.sandbox.tools import Tools

EACH_TIME = 100  # rows that are held at once: an exercise may have half a megabyte of cases


def loose_tolerances(connection: sa.Connection) -> Iterator[str]:
    """Yield a sentence for each case of the catalogue whose tolerance accepts nearly any answer."""
    for row in _catalogue(connection, Exercise.cases):
        for number, stored in enumerate(row.cases):
            try:
                case = Case.from_json(stored)
            except (TypeError, ValueError, KeyError):  # written in SQL
                yield f"{_name(row)}: case {number + 1} is no case that can be judged."
                continue
            if sentence := loose_tolerance(case):
                yield f'{_name(row)}: case "{case.name}": {sentence}'


def _is_installed(language: Language) -> bool:
    if language.native is not None:
        return language.native.missing_tool(Tools(TOOLCHAINS, python=NATIVE_PYTHON)) is None
    return language.available


def languages_that_cannot_be_judged(connection: sa.Connection) -> Iterator[str]:
    """Yield a sentence for each language of an exercise of the catalogue in which answers cannot be judged here."""
    installed = {name for name, language in LANGUAGES.items() if _is_installed(language)}
    for row in _catalogue(connection, Exercise.language, Exercise.languages):
        for name in (row.language, *row.languages):
            if name not in installed:
                yield f"{_name(row)}: answers in {name} cannot be judged by this installation."
        for name, stored in row.languages.items():
            try:
                limits_in(Limits(), stored)
            except (TypeError, ValueError, KeyError, OverflowError):  # written in SQL
                yield f"{_name(row)}: {name} has no factors of its limits."


def _catalogue(connection: sa.Connection, *columns: InstrumentedAttribute[Any]) -> Iterator[sa.Row[*tuple[Any, ...]]]:
    """Return these columns of all exercises, with their ids and slugs."""
    statement = sa.select(Exercise.id, Exercise.slug, *columns).where(Exercise.deleted_at.is_(None))
    yield from connection.execute(statement.order_by(Exercise.id).execution_options(yield_per=EACH_TIME))


def _name(row: sa.Row[*tuple[Any, ...]]) -> str:
    return f"exercise {row.id}{f' ({row.slug})' if row.slug else ''}"
