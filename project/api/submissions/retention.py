"""Deleting the texts of old submissions: what was printed, raised, returned and expected, and what compilers reported.

Verdicts, points, times and the answer stay: scores follow from the first, and a rejudge needs the last.
"""

import datetime as dt

import sqlalchemy as sa
from flask import current_app

from project.extensions import db

BATCH = 500  # submissions of one transaction, which locks rows that are not written any more for some milliseconds
DELETED = "... no longer kept ..."

# Whether a case c has texts that can be deleted.
_HAS_TEXT = """
    (c ->> 'output' NOT IN ('', :deleted) OR c ->> 'error' <> '' OR c ->> 'actual' IS NOT NULL
     OR c ->> 'expected' IS NOT NULL OR c -> 'tests' <> '[]')
"""
_WITHOUT_TEXT = """
    c || jsonb_build_object(
        'output', CAST(:deleted AS text), 'error', '', 'actual', NULL, 'expected', NULL, 'tests', CAST('[]' AS jsonb)
    )
"""
# Returns one row: the number of submissions that were read, when the last of them ended, and how many lost texts.
_DELETE = sa.text(f"""
    WITH old AS MATERIALIZED (
        SELECT id, user_id, finished_at FROM submissions
        WHERE finished_at >= :since AND finished_at < now() - make_interval(days => :days)
        ORDER BY finished_at LIMIT {BATCH}
    ), deleted AS (
        UPDATE submissions AS s SET diagnostics = '[]', cases = (
            SELECT coalesce(jsonb_agg(CASE WHEN {_HAS_TEXT} THEN {_WITHOUT_TEXT} ELSE c END ORDER BY place), s.cases)
            FROM jsonb_array_elements(s.cases) WITH ORDINALITY AS found (c, place)
        )
        FROM old
        WHERE s.id = old.id AND s.user_id = old.user_id AND jsonb_typeof(s.cases) = 'array'
        AND (
            s.diagnostics <> '[]'
            OR EXISTS (SELECT 1 FROM jsonb_array_elements(s.cases) AS found (c) WHERE {_HAS_TEXT})
        )
        RETURNING s.id
    )
    SELECT count(*) AS seen, max(finished_at) AS last, (SELECT count(*) FROM deleted) AS deleted FROM old
""")  # noqa: S608 - constants
BEGINNING = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class OldTexts:
    """The position of a worker among the old submissions. A new worker starts from the beginning."""

    def __init__(self) -> None:
        self._since = BEGINNING

    def delete(self) -> int:
        """Delete the texts of one batch; return the number of submissions that had any. The caller commits."""
        days = current_app.config["SUBMISSION_TEXT_DAYS"]
        if not days:
            return 0
        values = {"since": self._since, "days": days, "deleted": DELETED}
        found = db.session.execute(_DELETE, values).one()
        self._since = found.last or self._since
        return int(found.deleted)
