"""RECORD: the statement that records reports of scores, new or not, of one caller or of several at once.

In one round trip and one transaction it checks the callers' tokens, counts their calls, decides what each may report,
and writes that. No two reports are for the same score. A relation for each step:

    reports     who reports what, and what the rules depend on
    calls       the calls of learners, counted
    decisions   which reports are allowed
    written     the scores of those, as they are now
"""

from enum import StrEnum
from typing import NamedTuple

from project.api.scores.queries import JSON, NO_LONGER_GRADED
from project.api.scores.sources import Source
from project.api.users.queries import role_of
from project.postgres.prepared import Statement
from project.web.permissions import Action, sql_reaches_all
from project.web.rate_limits import COUNT_ON
from project.web.roles import Role

SOURCE_OF = {Role.LEARNER: Source.SELF_REPORTED, Role.GRADER: Source.GRADED, Role.ADMIN: Source.OVERRIDE}
_SOURCES = " ".join(f"WHEN '{role}' THEN '{source}'" for role, source in SOURCE_OF.items())


class Decision(StrEnum):
    """What becomes of a report."""

    ALLOWED = "allowed"
    FORBIDDEN = "forbidden"
    LIMITED = "limited"  # the caller has reached their rate limit
    UNKNOWN = "unknown"  # the token is not valid


class RecordedRow(NamedTuple):
    """A row of RECORD, for each report in the order of the reports. The first two are null unless it is allowed."""

    json: bytes | None  # the score
    change_id: bytes | None
    decision: bytes | None
    created: bytes | None  # whether the score is new
    window_seconds: bytes | None  # until the window of the rate limit ends; null where the call was not counted


# Takes an array for each column of `given`. `role` is null if the token is not valid; where a caller was authenticated
# before, it is known already, and the token not checked again. `grading` is how the exercise is graded, null if the
# catalogue does not have it. It is looked up by a sub-query of one value: for an EXISTS, PostgreSQL would read the
# whole catalogue into a hash table.
_REPORTS = f"""
        SELECT given.*, coalesce(known_role, ({role_of("holder", "issued_at", "token_id")})) AS role,
            (SELECT grading FROM exercises WHERE exercises.id = exercise_id) AS grading
        FROM unnest(
            CAST(:holders AS bigint[]), CAST(:roles AS text[]), CAST(:issued AS bigint[]), CAST(:token_ids AS uuid[]),
            CAST(:limit_keys AS text[]), CAST(:user_ids AS bigint[]), CAST(:exercise_ids AS bigint[]),
            CAST(:corrects AS boolean[])
        ) WITH ORDINALITY AS given (
            holder, known_role, issued_at, token_id, limit_key, user_id, exercise_id, correct, number)
"""  # noqa: S608 - constants

# Takes: window, in seconds. One row for each learner with a `limit_key`: `hits` are their calls in the window up to
# now, these reports among them. In the order of the keys, so that statements that lock several do not deadlock.
_CALLS = f"""
        INSERT INTO rate_limits AS r (key, hits, ends_at)
        SELECT limit_key, count(*), clock_timestamp() + make_interval(secs => CAST(:window AS bigint))
        FROM reports WHERE role = 'learner' AND limit_key IS NOT NULL GROUP BY limit_key ORDER BY limit_key
        {COUNT_ON} RETURNING key, hits, ends_at
"""  # noqa: S608 - constants

# Which call of the window a report is: of the calls in `hits`, the reports here are the last, in their order.
_CALL_NUMBER = "hits - count(*) OVER same_key + row_number() OVER (same_key ORDER BY number)"

# Takes: most, the calls of a window; policy, the setting SELF_REPORTED_SCORES (docs/adr/0002). The first rule that
# applies decides: staff may report any score, all others only their own, and these as the policy has it.
_DECISIONS = f"""
        SELECT reports.*, ends_at, CASE
            WHEN role IS NULL THEN '{Decision.UNKNOWN}'
            WHEN {_CALL_NUMBER} > :most THEN '{Decision.LIMITED}'
            WHEN {sql_reaches_all(Action.RECORD_SCORES, "role")} THEN '{Decision.ALLOWED}'
            WHEN user_id <> holder THEN '{Decision.FORBIDDEN}'
            WHEN :policy = 'all' THEN '{Decision.ALLOWED}'
            WHEN :policy = 'ungraded' AND grading IS DISTINCT FROM 'server' THEN '{Decision.ALLOWED}'
            ELSE '{Decision.FORBIDDEN}' END AS decision
        FROM reports LEFT JOIN calls ON key = limit_key WINDOW same_key AS (PARTITION BY limit_key)
"""  # noqa: S608 - constants

# Takes: unlisted_count, the setting UNLISTED_REPORTS_COUNT. Unless it is set, a learner's report of an exercise that
# the catalogue does not have counts on no board. Rows are locked in the order of their keys. `xmax` is 0 in a row that
# no transaction has replaced or locked: one that was just inserted.
_WRITTEN = f"""
        INSERT INTO scores (user_id, exercise_id, correct, source, recorded_by, off_board)
        SELECT user_id, exercise_id, correct, CASE role {_SOURCES} END, holder,
            role = 'learner' AND NOT :unlisted_count AND grading IS NULL
        FROM decisions WHERE decision = '{Decision.ALLOWED}' ORDER BY user_id, exercise_id
        ON CONFLICT (user_id, exercise_id) DO UPDATE SET
            correct = excluded.correct, source = excluded.source, off_board = excluded.off_board,
            recorded_by = excluded.recorded_by, change_id = excluded.change_id, {NO_LONGER_GRADED}
        RETURNING user_id, exercise_id, {JSON} AS json, change_id, xmax = 0 AS created
"""  # noqa: S608 - constants

RECORD = Statement(f"""
    WITH reports AS MATERIALIZED ({_REPORTS}), calls AS ({_CALLS}), decisions AS MATERIALIZED ({_DECISIONS}),
    written AS ({_WRITTEN})
    SELECT json, change_id, decision, created, extract(epoch FROM ends_at - clock_timestamp())
    FROM decisions LEFT JOIN written USING (user_id, exercise_id) ORDER BY number
""")  # noqa: S608 - constants
