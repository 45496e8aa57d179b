"""Reading scores: what stands behind GET of a score and of lists, on the hot path and on Flask's."""

from collections.abc import Mapping, Sequence
from typing import Any

from project.api.pages import page_of_json
from project.api.schemas import encode_cursor
from project.api.scores import queries
from project.api.scores.errors import ScoreNotFound
from project.api.scores.schemas import ScoreQuery
from project.auth import Holder
from project.envelope import Answer, answer
from project.http_caching import strong_tag
from project.prepared import Row, Run, text

Parameters = Sequence[tuple[str, str]]  # of a query, as the client wrote them


def one_score(run: Run, score_id: int, owner: int | None) -> Answer:
    """Return a score; if an owner is given, only his. Raises `ScoreNotFound`."""
    statement = queries.SCORE if owner is None else queries.OWN_SCORE
    rows = run(statement, {"id": score_id, "owner": owner})
    if not rows:
        raise ScoreNotFound
    return score_of(rows[0])


def score_of(row: Row, message: str | None = None, http_status: int = 200) -> Answer:
    """Return the answer to a row of JSON and `change_id`."""
    json, change_id, *_ = row
    return answer(json or b"", message, http_status, strong_tag(text(change_id)))


def page_of_scores(run: Run, query: ScoreQuery, path: str, parameters: Parameters, owner: int | None) -> Answer:
    """Return a page of scores; if an owner is given, only his."""
    values = query.model_dump(exclude_none=True) | ({} if owner is None else {"owner": owner})
    return _page(_rows(run, query.limit, values), query.limit, path, parameters)


def page_of_holder(run: Run, query: ScoreQuery, path: str, parameters: Parameters, holder: Holder) -> Answer | None:
    """Return a page of a token holder's scores, if the token is good; None if there is none, or the token is not."""
    if holder.role:
        return page_of_scores(run, query, path, parameters, holder.id)
    values = query.model_dump(exclude_none=True) | holder.proof()
    rows = _rows(run, query.limit, values)
    return _page(rows, query.limit, path, parameters) if rows else None


def _rows(run: Run, limit: int, values: Mapping[str, Any]) -> Sequence[Row]:
    names = [name for name in queries.FILTERS if name in values]
    return run(queries.page_of_scores(*names), {**values, "rows": limit + 1})


def _page(rows: Sequence[Row], limit: int, path: str, parameters: Parameters) -> Answer:
    lines, last_id = rows[0] if rows else (b"", None)
    scores = (lines or b"").splitlines()
    cursor = encode_cursor(int(last_id or 0)) if len(scores) > limit else None
    return page_of_json("scores", scores[:limit], cursor, path, parameters)
