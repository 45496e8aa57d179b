"""What a request asks of the database, apart from who asks it, and when."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from project.postgres.prepared import Row, Run, Statement
from project.web.envelope import Answer


class Question(NamedTuple):
    """A statement that only reads, its values, and what makes an answer of the rows; the latter may raise."""

    statement: Statement
    values: Mapping[str, Any]
    answer: Callable[[Sequence[Row]], Answer]

    def ask(self, run: Run) -> Answer:
        """Ask it alone."""
        return self.answer(run(self.statement, self.values))
