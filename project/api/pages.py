"""Lists in pages: the rows after a cursor, and the link to the next page."""

import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

import orjson
import sqlalchemy as sa
from flask import Response, request

from project.api.schemas import ListQuery, encode_cursor
from project.extensions import db
from project.web.http_caching import tag_of
from project.web.responses import JsonResponse, success

UNRESERVED = re.compile(r"[A-Za-z0-9_.~-]*")  # characters that are never percent-encoded (RFC 3986, 2.3)


def page(  # noqa: PLR0913 - a list, its order, and its form
    name: str,
    statement: sa.Select[*tuple[Any, ...]],
    key: sa.SQLColumnExpression[int],
    query: ListQuery,
    *,
    newest_first: bool = False,
    show: Callable[[list[dict[str, Any]]], list[dict[str, Any]]] = list,
) -> Response:
    """Return one page of a statement's rows, by `key`, under `data.{name}`, with `next` and a Link header.

    `show` returns what the caller sees of the rows.
    """
    if query.cursor is not None:
        statement = statement.where(key < query.cursor if newest_first else key > query.cursor)
    # One row more than requested, to know whether there is a next page.
    statement = statement.order_by(key.desc() if newest_first else key).limit(query.limit + 1)
    rows = db.session.execute(statement).mappings().all()
    following = next_address(encode_cursor(rows[query.limit - 1]["id"])) if len(rows) > query.limit else None
    return one_page({name: show([dict(row) for row in rows[: query.limit]])}, following)


def one_page(data: object, following: str | None) -> Response:
    """Return a page, with the link to the next one in `next` and in a Link header."""
    response = success(data, next=following)
    if following:
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


def page_of_json(
    name: str, items: bytes, cursor: str | None, path: str, parameters: Sequence[tuple[str, str]]
) -> JsonResponse:
    """Return a page of items that are encoded as JSON, separated by commas; `cursor` is that of the next page."""
    data = b'{"%b":[%b]}' % (name.encode(), items)
    following = None if cursor is None else address_behind(path, parameters, cursor)
    headers = [("ETag", tag_of(data, following))]
    if following:
        headers.append(("Link", f'<{following}>; rel="next"'))
    return JsonResponse(b'"data":%b,"next":%b' % (data, orjson.dumps(following)), headers=headers)


def next_address(cursor: str) -> str:
    """Return this request's address with the cursor of the next page."""
    return address_behind(request.path, list(request.args.items(multi=True)), cursor)


def address_behind(path: str, parameters: Sequence[tuple[str, str]], cursor: str) -> str:
    """Return the address of a list's next page: that of this page, with another cursor."""
    pairs = [(name, text) for name, text in parameters if name != "cursor"]
    pairs.append(("cursor", cursor))
    if UNRESERVED.fullmatch("".join([name + text for name, text in pairs])):
        # The same as `urlencode` returns, which takes several times as long.
        return f"{path}?{'&'.join([f'{name}={text}' for name, text in pairs])}"
    return f"{path}?{urlencode(pairs)}"
