"""The statements that find changes. Times are microseconds since the epoch, by the database's clock."""

from typing import NamedTuple

from project.postgres.prepared import Statement

# A row has the time of its statement, and is visible once its transaction has ended: so far back each poll reads again.
OVERLAP = "interval '3 seconds'"
MISSED_AT_MOST = "interval '1 hour'"
MOST_MISSED = 100
# Changes of scores that are committed in another order than they were numbered in are noticed if so few lie between.
NEWEST_CHANGES = 500

_EVENT = """json_build_object('id', id, 'user_id', user_id, 'exercise_id', exercise_id, 'state', state,
                              'verdict', verdict)"""


class ChangesRow(NamedTuple):
    """The row of CHANGES, as PostgreSQL writes it."""

    time: bytes | None  # of this poll
    submissions: bytes | None  # of the users, pending or ended since the last poll: JSON
    board: bytes | None  # a text that differs from that of the last poll if scores have changed


# Parameters: users; `since`, the time of the last poll, null at the first one. Returns one `ChangesRow`.
CHANGES = Statement(f"""
    WITH ended AS MATERIALIZED (
        -- MATERIALIZED, so that the planner uses the index on the time and not those on the users.
        SELECT id, user_id, exercise_id, state, verdict FROM submissions
        WHERE finished_at >= coalesce(to_timestamp(CAST(:since AS bigint) / 1000000.0), now()) - {OVERLAP}
        ORDER BY finished_at
    ), own AS (
        SELECT * FROM ended WHERE user_id = ANY (CAST(:users AS bigint[]))
        UNION ALL
        SELECT id, user_id, exercise_id, state, verdict FROM submissions
        WHERE state <> 'done' AND user_id = ANY (CAST(:users AS bigint[]))
    )
    SELECT CAST(extract(epoch FROM now()) * 1000000 AS bigint),
           (SELECT coalesce(json_agg({_EVENT} ORDER BY id), '[]') FROM own),
           (SELECT max(id) || ' ' || min(id)
            FROM (SELECT id FROM score_changes ORDER BY id DESC LIMIT {NEWEST_CHANGES}) AS change)
""")  # noqa: S608 - constants

# Parameters: user_id; `since`, the time of the last event that the user received. Returns the submissions that have
# ended since, newest last.
MISSED = Statement(f"""
    WITH ended AS MATERIALIZED (
        SELECT id, user_id, exercise_id, state, verdict FROM submissions
        WHERE user_id = :user_id AND finished_at >= now() - {MISSED_AT_MOST}
        AND finished_at >= to_timestamp(CAST(:since AS bigint) / 1000000.0) - {OVERLAP}
    )
    SELECT coalesce(json_agg({_EVENT} ORDER BY id), '[]')
    FROM (SELECT * FROM ended ORDER BY id DESC LIMIT {MOST_MISSED}) AS newest
""")  # noqa: S608 - constants
