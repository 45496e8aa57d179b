"""Reads that are run in two ways: alone, or by the front together with reads of other requests."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from project.postgres.prepared import Row, RunStatement, Statement
from project.web.responses import JsonResponse


class ReadQuery(NamedTuple):
    """A statement that only reads, its values, and the function that makes a response of its rows, and may raise."""

    statement: Statement
    values: Mapping[str, Any]
    make_response: Callable[[Sequence[Row]], JsonResponse]

    def execute(self, run: RunStatement) -> JsonResponse:
        """Run the statement alone, and return the response."""
        return self.make_response(run(self.statement, self.values))
