"""Handing in an answer: who calls, how often, whether it can be graded, and the submission itself, in one statement.

Both the hot path and the view run it; the view has counted the call already, and knows who calls.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from limits import RateLimitItem

from project.api.submissions import usage
from project.api.submissions.errors import (
    GradingBusy,
    GradingUnavailable,
    LanguageDiffers,
    OthersFirst,
    StillGrading,
    UnknownExercise,
)
from project.api.users.queries import role_of
from project.judging.languages import LANGUAGES
from project.postgres.prepared import Row, Run, Statement, array, text
from project.web.auth import TokenHolder
from project.web.errors import TokenInvalid, TooManyRequests
from project.web.rate_limits import COUNT_ON
from project.web.roles import Role

_ROLE = role_of("CAST(:holder AS bigint)", "CAST(:issued_at AS bigint)", "CAST(:token_id AS uuid)")
# Whether one that goes before this one has been queued for longer than submissions should be.
QUEUE_STANDS = f"""
    EXISTS (
        SELECT 1 FROM submissions AS s
        JOIN procrastinate_jobs AS j
            ON j.status = 'todo' AND j.queueing_lock = format('submission %s, run %s', s.id, s.run + 1)
        WHERE s.state = 'queued' AND j.priority >= {usage.PRIORITY}
        AND s.queued_at < clock_timestamp() - make_interval(secs => CAST(:queue_seconds AS double precision))
    )
"""  # noqa: S608 - constants
# `lease` is in seconds if the answer is graded at once, null if it is queued; `allowed`, how many submissions of a
# learner may be pending. Calls that are refused count, too. No submission comes back when all places of the learner
# are taken; or when another one has taken the same place at the same moment, which leaves the next one.
HAND_IN = Statement(f"""
    WITH caller AS MATERIALIZED (
        SELECT coalesce(CAST(:role AS text), ({_ROLE})) AS role
    ), own AS MATERIALIZED (
        SELECT setback, {usage.IS_BEHIND} AS is_behind, CAST(:lease AS double precision) IS NULL AS is_queued
        FROM ({usage.SETBACK}) AS used
    ), counted AS (
        INSERT INTO rate_limits AS r (key, hits, ends_at)
        SELECT CAST(:limit_key AS text), 1, clock_timestamp() + make_interval(secs => CAST(:window AS bigint))
        FROM caller, own
        WHERE role = 'learner' AND CAST(:limit_key AS text) IS NOT NULL AND (is_queued OR NOT is_behind)
        {COUNT_ON} RETURNING hits, ends_at
    ), asked AS MATERIALIZED (
        SELECT role, ends_at, version, language, updated_at, {usage.PRIORITY} AS priority, is_behind, CASE
            WHEN role IS NULL THEN 'unknown'
            WHEN hits > CAST(:most AS bigint) THEN 'limited'
            WHEN exercises.id IS NULL THEN 'missing'
            WHEN language <> CAST(:language AS text) THEN 'differs'
            WHEN language <> ALL (CAST(:languages AS text[])) THEN 'unavailable'
            WHEN is_behind AND NOT is_queued THEN 'behind'
            WHEN is_queued AND {QUEUE_STANDS} THEN 'busy'
            ELSE 'allowed' END AS verdict
        FROM caller CROSS JOIN own LEFT JOIN counted ON true
        LEFT JOIN exercises ON exercises.id = CAST(:exercise_id AS bigint) AND deleted_at IS NULL
    ), free AS (
        SELECT min(number) AS slot FROM generate_series(1, CAST(:allowed AS integer)) AS number
        WHERE NOT EXISTS (
            SELECT 1 FROM submissions AS s
            WHERE s.user_id = CAST(:holder AS bigint) AND s.slot = number AND s.state <> 'done'
        )
    ), added AS (
        INSERT INTO submissions (
            user_id, exercise_id, exercise_version, language, answer, slot, state, run, started_at, leased_until
        )
        SELECT
            CAST(:holder AS bigint), CAST(:exercise_id AS bigint), version, language, CAST(:answer AS text),
            CASE role WHEN 'learner' THEN slot END,
            CASE WHEN lease IS NULL THEN 'queued' ELSE 'running' END, CASE WHEN lease IS NULL THEN 0 ELSE 1 END,
            CASE WHEN lease IS NOT NULL THEN clock_timestamp() END, clock_timestamp() + make_interval(secs => lease)
        FROM asked, free, (SELECT CAST(:lease AS double precision) AS lease) AS given
        WHERE verdict = 'allowed' AND (role <> 'learner' OR slot IS NOT NULL)
        ON CONFLICT (user_id, slot) WHERE state <> 'done' DO NOTHING
        RETURNING id
    )
    SELECT
        verdict, extract(epoch FROM ends_at - clock_timestamp()), language, role, version,
        CAST(updated_at AS text), priority, CAST(is_behind AS integer), (SELECT id FROM added)
    FROM asked
""")  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A submission that was just made, of whom, and the exercise as it is now."""

    id: int
    user_id: int
    role: Role
    exercise_id: int
    version: int
    changed: str  # when the exercise was: another state of it has another time, or another version
    language: str
    answer: str
    address: str
    priority: int  # of the job that grades it, if it is queued
    is_behind: bool  # others go first: there is no point in waiting for its verdict


def hand_in(  # noqa: PLR0913 - what decides whether and how it is taken
    run: Run,
    holder: TokenHolder,
    answer: Mapping[str, Any],
    *,
    allowed: int,
    lease: float | None,
    queue_seconds: float,
    address: str = "",
    limit: tuple[str, RateLimitItem] | None = None,
) -> HandedIn:
    """Hand in `answer`, with its exercise_id, answer, and language or None; see HAND_IN for the rest.

    Raises:
        TokenInvalid, TooManyRequests, UnknownExercise, LanguageDiffers, GradingUnavailable, OthersFirst, GradingBusy,
            StillGrading: in that order; nothing is handed in.

    """
    values: dict[str, Any] = {
        **holder.proof(),
        **answer,
        "role": holder.role,
        "limit_key": limit[0] if limit else None,
        "window": limit[1].get_expiry() if limit else 0,
        "most": limit[1].amount if limit else 0,
        "languages": array(list(_available())),
        "allowed": allowed,
        "lease": lease,
        "queue_seconds": queue_seconds,
        **usage.Sender(holder.id, address).keys(),
    }
    for _ in range(allowed):
        (row,) = run(HAND_IN, values)
        _refuse(row)
        *_, language, role, version, changed, priority, is_behind, number = row
        if number is not None:
            return HandedIn(
                id=int(number),
                user_id=holder.id,
                role=Role(text(role)),
                exercise_id=answer["exercise_id"],
                version=int(text(version)),
                changed=text(changed),
                language=text(language),
                answer=answer["answer"],
                address=address,
                priority=int(text(priority)),
                is_behind=is_behind == b"1",
            )
        values["limit_key"] = None  # it is counted
    raise StillGrading


def _available() -> Iterator[str]:
    return (name for name, language in LANGUAGES.items() if language.available)


def _refuse(row: Row) -> None:
    verdict, seconds, language, *_ = row
    match verdict:
        case b"unknown":
            raise TokenInvalid
        case b"limited":
            raise TooManyRequests(headers={"Retry-After": str(max(1, math.ceil(float(seconds or 1))))})
        case b"missing":
            raise UnknownExercise
        case b"differs":
            raise LanguageDiffers(text(language))
        case b"unavailable":
            raise GradingUnavailable
        case b"behind":
            raise OthersFirst
        case b"busy":
            raise GradingBusy
