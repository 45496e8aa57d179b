"""Recording scores, new or not: the statement behind PATCH /scores, for one report or for several callers' at once."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from limits import RateLimitItem

from project.api.scores.queries import JSON, NO_LONGER_GRADED
from project.api.scores.reading import score_of
from project.api.scores.sources import Source
from project.api.users.queries import role_of
from project.postgres.prepared import Row, RunStatement, Statement, array
from project.web.auth import TokenHolder
from project.web.errors import NotPermitted, TokenInvalid, TooManyRequests
from project.web.permissions import Action, sql_reaches_all
from project.web.rate_limits import COUNT_ON
from project.web.responses import JsonResponse
from project.web.roles import Role

SOURCE_OF = {Role.LEARNER: Source.SELF_REPORTED, Role.GRADER: Source.GRADED, Role.ADMIN: Source.OVERRIDE}
_SOURCE = " ".join(f"WHEN '{role}' THEN '{source}'" for role, source in SOURCE_OF.items())

# One statement for all reports checks the callers, counts their calls, and writes what they may report. A learner's
# n-th report of a batch is counted as their n-th call. Rows are locked in the order of their keys. No two
# reports of a batch are for the same score. How an exercise is graded is looked up by a sub-query of one value: for an
# EXISTS, PostgreSQL would read the whole catalogue to answer by a hash table.
RECORD = Statement(f"""
    WITH report AS MATERIALIZED (
        SELECT given.*, coalesce(known_role, ({role_of("holder", "issued_at", "token_id")})) AS role,
            (SELECT grading FROM exercises WHERE exercises.id = exercise_id) AS grading
        FROM unnest(
            CAST(:holders AS bigint[]), CAST(:roles AS text[]), CAST(:issued AS bigint[]), CAST(:token_ids AS uuid[]),
            CAST(:limit_keys AS text[]), CAST(:user_ids AS bigint[]), CAST(:exercise_ids AS bigint[]),
            CAST(:corrects AS boolean[])
        ) WITH ORDINALITY AS given (
            holder, known_role, issued_at, token_id, limit_key, user_id, exercise_id, correct, number)
    ), counted AS (
        INSERT INTO rate_limits AS r (key, hits, ends_at)
        SELECT limit_key, count(*), clock_timestamp() + make_interval(secs => CAST(:window AS bigint))
        FROM report WHERE role = 'learner' AND limit_key IS NOT NULL GROUP BY limit_key ORDER BY limit_key
        {COUNT_ON} RETURNING key, hits, ends_at
    ), judged AS MATERIALIZED (
        SELECT report.*, ends_at, CASE
            WHEN role IS NULL THEN 'unknown'
            WHEN hits - count(*) OVER same + row_number() OVER (same ORDER BY number) > :most THEN 'limited'
            WHEN {sql_reaches_all(Action.RECORD_SCORES, "role")} THEN 'allowed'
            WHEN user_id <> holder THEN 'forbidden'
            WHEN :policy = 'all' THEN 'allowed'
            WHEN :policy = 'ungraded' AND grading IS DISTINCT FROM 'server' THEN 'allowed'
            ELSE 'forbidden' END AS verdict
        FROM report LEFT JOIN counted ON key = limit_key WINDOW same AS (PARTITION BY limit_key)
    ), written AS (
        INSERT INTO scores (user_id, exercise_id, correct, source, recorded_by, off_board)
        SELECT user_id, exercise_id, correct, CASE role {_SOURCE} END, holder,
            role = 'learner' AND NOT :unlisted_count AND grading IS NULL
        FROM judged WHERE verdict = 'allowed' ORDER BY user_id, exercise_id
        ON CONFLICT (user_id, exercise_id) DO UPDATE SET
            correct = excluded.correct, source = excluded.source, off_board = excluded.off_board,
            recorded_by = excluded.recorded_by, change_id = excluded.change_id, {NO_LONGER_GRADED}
        RETURNING user_id, exercise_id, {JSON} AS json, change_id, xmax = 0 AS created
    )
    SELECT json, change_id, verdict, created, extract(epoch FROM ends_at - clock_timestamp())
    FROM judged LEFT JOIN written USING (user_id, exercise_id) ORDER BY number
""")  # noqa: S608 - constants; xmax is 0 in a row that no transaction has replaced or locked: one just inserted


@dataclass(frozen=True, slots=True)
class Report:
    """What a caller says of a score, and the limit that the call counts for, if it is not counted already."""

    holder: TokenHolder
    user_id: int
    exercise_id: int
    correct: bool
    limit_key: str | None = None


def policy_of(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the statements that record a score take of the settings: who may report what, and what counts."""
    return {"policy": settings["SELF_REPORTED_SCORES"], "unlisted_count": settings["UNLISTED_REPORTS_COUNT"]}


def record(
    run: RunStatement, reports: Sequence[Report], settings: Mapping[str, Any], limit: RateLimitItem | None = None
) -> list[Row]:
    """Record reports for different scores; return a row for each, for `recorded`."""
    return list(run(RECORD, values_of(reports, settings, limit)))


def values_of(
    reports: Sequence[Report], settings: Mapping[str, Any], limit: RateLimitItem | None = None
) -> Mapping[str, Any]:
    """Return what RECORD takes. The limit is that of the calls which are not counted already."""
    holders = [report.holder for report in reports]
    return {
        "holders": array([holder.id for holder in holders]),
        "roles": array([holder.role for holder in holders]),
        "issued": array([holder.issued_at for holder in holders]),
        "token_ids": array([holder.token_id for holder in holders]),
        "limit_keys": array([report.limit_key for report in reports]),
        "user_ids": array([report.user_id for report in reports]),
        "exercise_ids": array([report.exercise_id for report in reports]),
        "corrects": array([report.correct for report in reports]),
        "window": limit.get_expiry() if limit else 0,
        "most": limit.amount if limit else 0,
        **policy_of(settings),
    }


def recorded(row: Row) -> JsonResponse:
    """Return the response to a report. Raises `TokenInvalid`, `TooManyRequests` or `NotPermitted`."""
    _, _, verdict, created, seconds = row
    if verdict == b"unknown":
        raise TokenInvalid
    if verdict == b"limited":
        raise TooManyRequests(headers={"Retry-After": str(max(1, math.ceil(float(seconds or 1))))})
    if verdict != b"allowed":
        raise NotPermitted
    is_new = created in (b"t", b"True")
    return score_of(row, "New score was added!", 201) if is_new else score_of(row, "Score was updated!")
