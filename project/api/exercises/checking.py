"""The report of `manage.py check` on the stored exercises."""

from collections.abc import Iterator

import sqlalchemy as sa

from project.api.exercises.models import Exercise
from project.judging.loose_tolerances import loose_tolerance
from project.judging.problems import Case

EACH_TIME = 100  # rows that are held at once: an exercise may have half a megabyte of cases


def loose_tolerances(connection: sa.Connection) -> Iterator[str]:
    """Yield a sentence for each case of the catalogue whose tolerance accepts nearly any answer."""
    statement = sa.select(Exercise.id, Exercise.slug, Exercise.cases).where(Exercise.deleted_at.is_(None))
    for row in connection.execute(statement.order_by(Exercise.id).execution_options(yield_per=EACH_TIME)):
        for number, stored in enumerate(row.cases):
            try:
                case = Case.from_json(stored)
            except (TypeError, ValueError, KeyError):  # written in SQL
                yield f"exercise {row.id}: case {number + 1} is no case that can be judged."
                continue
            if sentence := loose_tolerance(case):
                yield f'exercise {row.id}{f" ({row.slug})" if row.slug else ""}: case "{case.name}": {sentence}'
