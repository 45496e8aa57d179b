"""Reading scores: what Flask's views and the hot routes of the front have in common."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from project.api.pages import page_of_json
from project.api.schemas import encode_cursor
from project.api.scores import queries
from project.api.scores.errors import ScoreNotFound
from project.api.scores.schemas import ScoreQuery
from project.postgres.prepared import Row, decoded
from project.web.auth import TokenHolder
from project.web.http_caching import strong_tag
from project.web.read_queries import ReadQuery
from project.web.responses import JsonResponse, json_response

Parameters = Sequence[tuple[str, str]]  # of a query, as the client wrote them


class ScoreRow(NamedTuple):
    """A row of the statements about one score."""

    json: bytes | None
    change_id: bytes | None  # the state of the score, and so its entity tag


class PageRow(NamedTuple):
    """The row of a page of scores that is not empty."""

    lines: bytes | None  # the scores as JSON, with commas and line ends between
    cursor_id: bytes | None  # the id after which the next page begins, if there is one


def one_score(score_id: int, owner: int | None) -> ReadQuery:
    """Return the read query for a score; if an owner is given, only theirs. It may raise `ScoreNotFound`."""
    statement = queries.SCORE if owner is None else queries.OWN_SCORE
    return ReadQuery(statement, {"id": score_id, "owner": owner}, _only_score)


def _only_score(rows: Sequence[Row]) -> JsonResponse:
    if not rows:
        raise ScoreNotFound
    return score_response(ScoreRow(*rows[0]))


def score_response(row: ScoreRow, message: str | None = None, http_status: int = 200) -> JsonResponse:
    """Return the response with a score."""
    return json_response(row.json or b"", message, http_status, strong_tag(decoded(row.change_id)))


def page_of_scores(query: ScoreQuery, path: str, parameters: Parameters, owner: int | None) -> ReadQuery:
    """Return the read query for a page of scores; if an owner is given, only theirs."""
    return _page(query, path, parameters, {} if owner is None else {"owner": owner})


def page_of_holder(query: ScoreQuery, path: str, parameters: Parameters, holder: TokenHolder) -> ReadQuery:
    """Return the read query for a page of a token holder's scores. It finds none, too, if the token is not valid."""
    return _page(query, path, parameters, {"owner": holder.id} if holder.role else holder.proof())


def _page(query: ScoreQuery, path: str, parameters: Parameters, owner: Mapping[str, Any]) -> ReadQuery:
    values = {**query.model_dump(exclude_none=True), **owner}
    names = [name for name in queries.FILTERS if name in values]

    def make_response(rows: Sequence[Row]) -> JsonResponse:
        page = PageRow(*rows[0]) if rows else PageRow(b"", None)
        scores, cursor = page.lines or b"", None
        if scores.count(b"\n") == query.limit:  # one score more than the page has: there is a next page
            scores = scores[: scores.rindex(b",\n")]
            cursor = encode_cursor(int(page.cursor_id or 0))
        return page_of_json("scores", scores, cursor, path, parameters)

    return ReadQuery(queries.page_of_scores(*names), {**values, "rows": query.limit + 1}, make_response)
