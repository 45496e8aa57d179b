"""Reads that several requests want at the same time, asked with one statement.

A backend for each thread would have many of them want the processors at once, and each pays for its own round trip.
docs/adr/0009 has the figures.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import psycopg
from flask import Flask

from project.batcher import Batcher
from project.envelope import Answer
from project.late_answers import Awaited
from project.prepared import Prepared, Row, Statement, array
from project.questions import Question

Values = Mapping[str, Any]


class ReadingTogether:
    """Asks questions; those that may be asked for many, with others of the same kind that come meanwhile."""

    def __init__(self, database: Prepared) -> None:
        self._database = database
        self._batchers: dict[Statement, Batcher[Values, Sequence[Row]]] = {}
        self._only_alone: set[Statement] = set()

    def ask(self, question: Question) -> Answer | Awaited[Sequence[Row]]:
        """Return the answer, or what it waits for."""
        statement = question.statement
        if statement.for_many is None or statement in self._only_alone:
            return question.ask(self._database.rows)
        batcher = self._batchers.get(statement)
        if batcher is None:
            new = Batcher[Values, Sequence[Row]](partial(self._read, statement), _was_refused)
            batcher = self._batchers.setdefault(statement, new)
        return Awaited(partial(batcher.submit, question.values), question.answer)

    def _read(self, statement: Statement, batch: Sequence[Values]) -> Sequence[Sequence[Row]]:
        if len(batch) == 1 or statement.for_many is None:
            return [self._database.rows(statement, values) for values in batch]
        arrays = {name: array([values[name] for values in batch]) for name in statement.for_many.parameters}
        found: list[list[Row]] = [[] for _ in batch]
        try:
            for number, *row in self._database.rows(statement.for_many, arrays):
                found[int(number or 0) - 1].append(row)
        except psycopg.errors.FeatureNotSupported:  # by a cluster of databases (docs/scaling.md)
            self._only_alone.add(statement)
            raise
        return found


def _was_refused(error: Exception) -> bool:
    """Whether the server is there, so that each may be asked for alone."""
    return isinstance(error, psycopg.Error) and bool(error.sqlstate)


def init_app(app: Flask) -> None:
    """Let the requests of the application read together, over its prepared connections."""
    app.extensions["reading_together"] = ReadingTogether(app.extensions["prepared"])
