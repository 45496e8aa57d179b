"""Handing in an answer: by the hot path, and by the view, which has counted the call already and knows the caller."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from limits import RateLimitItem

from project.api.exercises.further_languages import offered
from project.api.submissions import usage
from project.api.submissions.errors import (
    GradingBusy,
    GradingUnavailable,
    LanguageDiffers,
    OthersFirst,
    StillGrading,
    UnknownExercise,
)
from project.api.submissions.hand_in_statement import HAND_IN, HandInRow, Outcome
from project.postgres.prepared import RunStatement, array, decoded
from project.web.auth import TokenHolder
from project.web.errors import TokenInvalid, TooManyRequests
from project.web.roles import Role


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A submission that was just added, its sender, and the exercise as it is now."""

    id: int
    user_id: int
    role: Role
    exercise_id: int
    version: int
    changed_at: str  # when the exercise was changed; with the version, it identifies the exercise's state
    language: str
    answer: str
    files: Mapping[str, str]
    address: str
    priority: int  # of the job that grades it, if it is queued
    is_behind: bool  # others go first: there is no point in waiting for its verdict


def hand_in(  # noqa: PLR0913 - what decides whether and how the answer is accepted
    run: RunStatement,
    holder: TokenHolder,
    answer: Mapping[str, Any],
    *,
    languages: Sequence[str],
    allowed: int,
    lease: float | None,
    queue_seconds: float,
    address: str = "",
    limit: tuple[str, RateLimitItem] | None = None,
) -> HandedIn:
    """Hand in `answer`, with its exercise_id, answer, files, and language or None.

    See `hand_in_statement` for the rest.

    Raises:
        TokenInvalid, TooManyRequests, UnknownExercise, LanguageDiffers, GradingUnavailable, OthersFirst, GradingBusy,
            StillGrading: in that order; nothing is handed in.

    """
    values: dict[str, Any] = {
        **holder.proof(),
        **answer,
        "files": orjson.dumps(answer["files"]).decode() if answer["files"] else None,
        "role": holder.role,
        "limit_key": limit[0] if limit else None,
        "window": limit[1].get_expiry() if limit else 0,
        "most": limit[1].amount if limit else 0,
        "languages": array(list(languages)),
        "allowed": allowed,
        "lease": lease,
        "queue_seconds": queue_seconds,
        **usage.Sender(holder.id, address).keys(),
    }
    for _ in range(allowed):
        (found,) = run(HAND_IN, values)
        row = HandInRow(*found)
        _refuse(row)
        if row.submission_id is not None:
            return HandedIn(
                id=int(row.submission_id),
                user_id=holder.id,
                role=Role(decoded(row.role)),
                exercise_id=answer["exercise_id"],
                version=int(decoded(row.version)),
                changed_at=decoded(row.changed_at),
                language=decoded(row.language),
                answer=answer["answer"],
                files=answer["files"],
                address=address,
                priority=int(decoded(row.priority)),
                is_behind=row.is_behind == b"1",
            )
        values["limit_key"] = None  # the call is counted
    raise StillGrading


def _refuse(row: HandInRow) -> None:
    """Raise the error of an answer that is not accepted."""
    match Outcome(decoded(row.outcome)):
        case Outcome.TOKEN_INVALID:
            raise TokenInvalid
        case Outcome.LIMIT_REACHED:
            seconds = math.ceil(float(row.limit_seconds or 1))
            raise TooManyRequests(headers={"Retry-After": str(max(1, seconds))})
        case Outcome.NO_EXERCISE:
            raise UnknownExercise
        case Outcome.OTHER_LANGUAGE:
            language, languages = json.loads(decoded(row.offered))
            raise LanguageDiffers(", ".join(offered({"language": language, "languages": languages})))
        case Outcome.LANGUAGE_UNAVAILABLE:
            raise GradingUnavailable
        case Outcome.OTHERS_FIRST:
            raise OthersFirst
        case Outcome.QUEUE_STALLED:
            raise GradingBusy
