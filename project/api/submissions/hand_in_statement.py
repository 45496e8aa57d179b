"""The statement that hands in an answer, part by part in the order in which they are evaluated.

One statement does it all, since each statement costs a round trip to the database. Its parameters:

| parameter | meaning |
|---|---|
| holder, issued_at, token_id | what the token states: `TokenHolder.proof` |
| role | the role of the holder, or null if the statement has to look it up |
| limit_key, window, most | the rate limit to count the call by, its window in seconds, and its calls; or null |
| exercise_id, answer | what is handed in |
| language | the chosen one of the exercise's languages; or null, for its default one |
| files | those beside the answer as JSON, or null |
| languages | those that this host can grade |
| allowed | the number of submissions of a learner that may be pending at the same time |
| lease | its length in seconds if the answer is graded at once, null if it is queued |
| queue_seconds | how long submissions may be queued before no more are accepted |
| usage_key, address_key | whose grading time counts: `usage.Sender.keys` |
"""

from enum import StrEnum
from typing import NamedTuple

from project.api.submissions import usage
from project.api.users.queries import role_of
from project.postgres.prepared import Statement
from project.web.rate_limits import COUNT_ON


class Outcome(StrEnum):
    """Whether an answer is accepted, and if not, the first reason why."""

    TOKEN_INVALID = "unknown"  # noqa: S105 - no password
    LIMIT_REACHED = "limited"
    NO_EXERCISE = "missing"
    OTHER_LANGUAGE = "differs"
    LANGUAGE_UNAVAILABLE = "unavailable"
    OTHERS_FIRST = "behind"
    QUEUE_STALLED = "busy"
    ALLOWED = "allowed"


class HandInRow(NamedTuple):
    """The row of HAND_IN, as PostgreSQL writes it."""

    outcome: bytes | None  # an `Outcome`
    limit_seconds: bytes | None  # until the window of the rate limit ends
    language: bytes | None  # of the submission; null if the exercise does not have it
    offered: bytes | None  # in that case, its columns `language` and `languages`, as a JSON array
    role: bytes | None  # of the caller
    version: bytes | None  # of the exercise
    changed_at: bytes | None  # when the exercise was changed
    priority: bytes | None  # of the job that grades the submission, if it is queued
    is_behind: bytes | None  # 1 if others go first
    # Null if the answer is not accepted; or if all places of the learner are taken, or another call of theirs has taken
    # the same place at this moment. In the latter case the next try takes another place.
    submission_id: bytes | None


# The role of the caller; null if the token is not valid.
_CALLER = f"""
    SELECT coalesce(
        CAST(:role AS text),
        ({role_of("CAST(:holder AS bigint)", "CAST(:issued_at AS bigint)", "CAST(:token_id AS uuid)")})
    ) AS role
"""
# The place of the answer in the queue: by how many seconds its sender is set back, and whether others go first.
_QUEUE_PLACE = f"""
    SELECT setback, {usage.IS_BEHIND} AS is_behind, CAST(:lease AS double precision) IS NULL AS is_queued
    FROM ({usage.SETBACK}) AS used
"""  # noqa: S608 - constants
# The call of a learner, counted by the rate limit. Calls that are refused count, too; but not those that OTHERS_FIRST
# refuses, since the same answer is then handed in again, to be queued.
_COUNTED_CALL = f"""
    INSERT INTO rate_limits AS r (key, hits, ends_at)
    SELECT CAST(:limit_key AS text), 1, clock_timestamp() + make_interval(secs => CAST(:window AS bigint))
    FROM caller, queue_place
    WHERE role = 'learner' AND CAST(:limit_key AS text) IS NOT NULL AND (is_queued OR NOT is_behind)
    {COUNT_ON} RETURNING hits, ends_at
"""  # noqa: S608 - constants
# Whether a submission that goes before this one has been queued for longer than submissions should be.
_QUEUE_IS_STALLED = f"""
    EXISTS (
        SELECT 1 FROM submissions AS s
        JOIN procrastinate_jobs AS j
            ON j.status = 'todo' AND j.queueing_lock = format('submission %s, run %s', s.id, s.run + 1)
        WHERE s.state = 'queued' AND j.priority >= {usage.PRIORITY}
        AND s.queued_at < clock_timestamp() - make_interval(secs => CAST(:queue_seconds AS double precision))
    )
"""  # noqa: S608 - constants
# The exercise, and the chosen one of its languages; null if it does not have that. `languages` may be long: it is read
# only if the default language was not chosen.
_EXERCISE = """
    SELECT version, updated_at, language, languages, CASE
        WHEN CAST(:language AS text) IS NULL OR CAST(:language AS text) = language THEN language
        WHEN languages -> CAST(:language AS text) IS NOT NULL THEN CAST(:language AS text) END AS chosen
    FROM exercises WHERE id = CAST(:exercise_id AS bigint) AND deleted_at IS NULL
"""
# Whether the answer is accepted. Always one row.
_DECISION = f"""
    SELECT role, ends_at, version, chosen, updated_at, {usage.PRIORITY} AS priority, is_behind, CASE
        WHEN role IS NULL THEN '{Outcome.TOKEN_INVALID}'
        WHEN hits > CAST(:most AS bigint) THEN '{Outcome.LIMIT_REACHED}'
        WHEN version IS NULL THEN '{Outcome.NO_EXERCISE}'
        WHEN chosen IS NULL THEN '{Outcome.OTHER_LANGUAGE}'
        WHEN chosen <> ALL (CAST(:languages AS text[])) THEN '{Outcome.LANGUAGE_UNAVAILABLE}'
        WHEN is_behind AND NOT is_queued THEN '{Outcome.OTHERS_FIRST}'
        WHEN is_queued AND {_QUEUE_IS_STALLED} THEN '{Outcome.QUEUE_STALLED}'
        ELSE '{Outcome.ALLOWED}' END AS outcome,
        CASE WHEN chosen IS NULL THEN CAST(json_build_array(language, languages) AS text) END AS offered
    FROM caller CROSS JOIN queue_place LEFT JOIN counted_call ON true LEFT JOIN ({_EXERCISE}) AS exercise ON true
"""  # noqa: S608 - constants
# The first place of the learner, from 1 to `allowed`, that no pending submission has; null if there is none.
_FREE_PLACE = """
    SELECT min(number) AS slot FROM generate_series(1, CAST(:allowed AS integer)) AS number
    WHERE NOT EXISTS (
        SELECT 1 FROM submissions AS s
        WHERE s.user_id = CAST(:holder AS bigint) AND s.slot = number AND s.state <> 'done'
    )
"""
# The submission, running with its lease or queued. Staff need no place.
_ADDED = f"""
    INSERT INTO submissions (
        user_id, exercise_id, exercise_version, language, answer, files, slot, state, run, started_at, leased_until
    )
    SELECT
        CAST(:holder AS bigint), CAST(:exercise_id AS bigint), version, chosen,
        CAST(:answer AS text), CAST(:files AS json),
        CASE role WHEN 'learner' THEN slot END,
        CASE WHEN lease IS NULL THEN 'queued' ELSE 'running' END, CASE WHEN lease IS NULL THEN 0 ELSE 1 END,
        CASE WHEN lease IS NOT NULL THEN clock_timestamp() END, clock_timestamp() + make_interval(secs => lease)
    FROM decision, free_place, (SELECT CAST(:lease AS double precision) AS lease) AS given
    WHERE outcome = '{Outcome.ALLOWED}' AND (role <> 'learner' OR slot IS NOT NULL)
    ON CONFLICT (user_id, slot) WHERE state <> 'done' DO NOTHING
    RETURNING id
"""  # noqa: S608 - constants
# Returns one `HandInRow`.
HAND_IN = Statement(f"""
    WITH caller AS MATERIALIZED ({_CALLER}),
    queue_place AS MATERIALIZED ({_QUEUE_PLACE}),
    counted_call AS ({_COUNTED_CALL}),
    decision AS MATERIALIZED ({_DECISION}),
    free_place AS ({_FREE_PLACE}),
    added AS ({_ADDED})
    SELECT
        outcome, extract(epoch FROM ends_at - clock_timestamp()), chosen, offered, role, version,
        CAST(updated_at AS text), priority, CAST(is_behind AS integer), (SELECT id FROM added)
    FROM decision
""")  # noqa: S608 - constants
