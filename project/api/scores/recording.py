"""Recording scores, new or not, by PATCH /scores: for Flask's view and for the hot route of the front."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from limits import RateLimitItem

from project.api.scores.reading import ScoreRow, score_response
from project.api.scores.record_statement import RECORD, Decision, RecordedRow
from project.postgres.prepared import Row, RunStatement, array, decoded
from project.web.auth import TokenHolder
from project.web.errors import NotPermitted, TokenInvalid, TooManyRequests
from project.web.responses import JsonResponse

TRUE = (b"t", b"True")  # as PostgreSQL writes it, and as `run_in_session` does


@dataclass(frozen=True, slots=True)
class Report:
    """The score that a caller reports, and the key of the rate limit, if the call is not counted already."""

    holder: TokenHolder
    user_id: int
    exercise_id: int
    correct: bool
    limit_key: str | None = None


def policy_of(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that are parameters of the statements that record a score."""
    return {"policy": settings["SELF_REPORTED_SCORES"], "unlisted_count": settings["UNLISTED_REPORTS_COUNT"]}


def record(
    run: RunStatement, reports: Sequence[Report], settings: Mapping[str, Any], limit: RateLimitItem | None = None
) -> list[Row]:
    """Record reports for different scores; return a row for each, for `recorded_response`."""
    return list(run(RECORD, values_of(reports, settings, limit)))


def values_of(
    reports: Sequence[Report], settings: Mapping[str, Any], limit: RateLimitItem | None = None
) -> Mapping[str, Any]:
    """Return the parameters of RECORD. The limit is that of the calls which are not counted already."""
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


def recorded_response(row: Row) -> JsonResponse:
    """Return the response to a report. Raises `TokenInvalid`, `TooManyRequests` or `NotPermitted`."""
    recorded = RecordedRow(*row)
    match decoded(recorded.decision):
        case Decision.ALLOWED:
            is_new = recorded.created in TRUE
            message, http_status = ("New score was added!", 201) if is_new else ("Score was updated!", 200)
            return score_response(ScoreRow(recorded.json, recorded.change_id), message, http_status)
        case Decision.UNKNOWN:
            raise TokenInvalid
        case Decision.LIMITED:
            seconds = max(1, math.ceil(float(recorded.window_seconds or 1)))
            raise TooManyRequests(headers={"Retry-After": str(seconds)})
        case _:
            raise NotPermitted
