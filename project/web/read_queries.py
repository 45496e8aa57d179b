"""Reads that are run in two ways: alone, or by the front together with reads of other requests."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from project.postgres.prepared import Row, Run, Statement
from project.web.envelope import Answer


class ReadQuery(NamedTuple):
    """A statement that only reads, its values, and the function that makes a response of its rows, and may raise."""

    statement: Statement
    values: Mapping[str, Any]
    respond: Callable[[Sequence[Row]], Answer]

    def execute(self, run: Run) -> Answer:
        """Run the statement alone, and return the response."""
        return self.respond(run(self.statement, self.values))
