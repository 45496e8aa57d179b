"""Moving pending changes into the summaries.

One transaction at a time does so, and only it writes the summaries: no writer ever waits for a counter. Whatever it has
not committed, its log entries and its counts alike, never happened.
"""

from project.api.summaries.keys import ALL_EXERCISES, FIRST_POSITION

# Learners of a range and of a block of ranges. A learner's rank adds up the blocks before their own, the ranges before
# theirs in that block, and the learners before them in that range: some hundred rows for ten million learners.
RANGE = 512
BLOCK = 32 * RANGE

# The planner may know no more than the first learner, for whom reading the whole table is best, and each index as good
# as the right one. So each row is looked up by an index, and plans are made anew each time, for tables as long as they
# are: a millisecond of the ten of a fold. That needs a parameter in each statement, as `size` is.
PLANNED_ANEW = "SET plan_cache_mode = force_custom_plan SET enable_seqscan = off"

# Any number that all versions of the service agree on. TRUNCATE holds `scores` when it comes here: hence this order.
FOLD_LOCK = 20261123
HOLD_SCORES = "LOCK TABLE scores IN ACCESS SHARE MODE;"
LOCK = f"PERFORM pg_advisory_xact_lock({FOLD_LOCK});"

# When the learner got to where they are: the last of the solved exercises came then. A change that takes none of the
# latest away tells by itself; else the scores do. These may already be further than what is folded. That does no harm:
# what they are ahead by is still pending, and says the same again.
REACHED_AT = f"""
    CASE WHEN d.lost >= coalesce(s.reached_at, '-infinity') THEN coalesce((
        SELECT max(coalesce(score.solved_at, score.created_at)) FROM scores AS score
        WHERE score.user_id = d.user_id AND score.correct AND (d.board_id = {ALL_EXERCISES} OR EXISTS (
            SELECT 1 FROM exercise_set_members AS m
            WHERE m.exercise_id = score.exercise_id AND m.set_id = d.board_id
        )) AND NOT score.off_board
    ), d.lost) ELSE greatest(s.reached_at, d.gained) END
"""  # noqa: S608 - constants


def _begun(table: str) -> str:
    """Return the statement that gives each board its first range, or block, where it has none."""
    return f"""
    INSERT INTO {table} (board_id, descending, reached_at, user_id)
    SELECT board_id, {FIRST_POSITION}
    FROM (SELECT {ALL_EXERCISES} AS board_id UNION ALL SELECT id FROM exercise_sets) AS board
    ON CONFLICT DO NOTHING;
    """.strip()  # noqa: S608 - constants


def _counted(table: str) -> str:
    """Return the statement that counts what comes into, and leaves, the ranges or the blocks."""
    return f"""
        UPDATE {table} AS r SET learners = r.learners + s.learners
        FROM (
            SELECT r.board_id, r.descending, r.reached_at, r.user_id, sum(s.n) AS learners
            FROM steps AS s
            CROSS JOIN LATERAL (
                SELECT * FROM {table} AS r
                WHERE r.board_id = s.board_id
                AND (r.descending, r.reached_at, r.user_id) <= (s.descending, s.reached_at, s.user_id)
                ORDER BY r.descending DESC, r.reached_at DESC, r.user_id DESC LIMIT 1
            ) AS r
            GROUP BY r.board_id, r.descending, r.reached_at, r.user_id HAVING sum(s.n) <> 0
        ) AS s
        WHERE r.board_id = s.board_id
        AND (r.descending, r.reached_at, r.user_id) = (s.descending, s.reached_at, s.user_id)
    """  # noqa: S608 - constants


FOLD_FUNCTION = f"""
CREATE OR REPLACE FUNCTION fold_summaries(most bigint) RETURNS bigint LANGUAGE plpgsql {PLANNED_ANEW} AS $$
DECLARE
    folded bigint;
BEGIN
    {HOLD_SCORES}
    -- Each statement must see all that the last one who folded has committed.
    IF current_setting('transaction_isolation') <> 'read committed'
       OR NOT pg_try_advisory_xact_lock({FOLD_LOCK}) THEN
        RETURN 0;
    END IF;
    {_begun("rank_ranges")}
    {_begun("rank_blocks")}

    WITH gone AS (
        DELETE FROM pending_changes
        -- In the order in which they came about: what a score had is never taken away before it was given.
        WHERE ctid = ANY (ARRAY(SELECT ctid FROM pending_changes ORDER BY change_id, n DESC LIMIT most))
        RETURNING user_id, exercise_id, attempts, solved_at, n
    ), deltas AS (
        SELECT board_id, user_id, sum(n) AS solved,
               max(solved_at) FILTER (WHERE n > 0) AS gained, max(solved_at) FILTER (WHERE n < 0) AS lost
        FROM (
            SELECT {ALL_EXERCISES} AS board_id, user_id, solved_at, n FROM gone
            UNION ALL
            SELECT m.set_id, g.user_id, g.solved_at, g.n
            FROM gone AS g JOIN exercise_set_members AS m ON m.exercise_id = g.exercise_id
        ) AS change
        WHERE solved_at IS NOT NULL GROUP BY board_id, user_id
    ), moves AS MATERIALIZED (
        SELECT d.board_id, d.user_id, s.solved AS old_solved, s.reached_at AS old_reached_at,
               coalesce(s.solved, 0) + d.solved AS solved, {REACHED_AT} AS reached_at
        FROM deltas AS d
        -- LIMIT: one look-up each, whatever the planner takes their number for.
        LEFT JOIN LATERAL (
            SELECT solved, reached_at FROM standings AS s
            WHERE s.board_id = d.board_id AND s.user_id = d.user_id LIMIT 1
        ) AS s ON true
    ), moved AS (
        SELECT * FROM moves WHERE (solved, reached_at) IS DISTINCT FROM (old_solved, old_reached_at)
    ), kept AS (
        INSERT INTO standings (board_id, user_id, solved, reached_at)
        SELECT board_id, user_id, solved, reached_at FROM moved WHERE solved > 0
        ON CONFLICT (board_id, user_id) DO UPDATE SET solved = excluded.solved, reached_at = excluded.reached_at
    ), ended AS (
        DELETE FROM standings AS s USING moved AS m
        WHERE s.board_id = m.board_id AND s.user_id = m.user_id AND m.solved <= 0
    ), steps AS (
        SELECT board_id, -old_solved AS descending, old_reached_at AS reached_at, user_id, -1 AS n
        FROM moved WHERE old_solved IS NOT NULL
        UNION ALL
        SELECT board_id, -solved, reached_at, user_id, 1 FROM moved WHERE solved > 0
    ), ranges AS ({_counted("rank_ranges")}
    ), blocks AS ({_counted("rank_blocks")}
    ), tried AS (
        INSERT INTO exercise_counts AS c (exercise_id, attempts, learners, solved)
        SELECT exercise_id, attempts, sum(n), coalesce(sum(n) FILTER (WHERE solved_at IS NOT NULL), 0)
        FROM gone GROUP BY exercise_id, attempts
        ON CONFLICT (exercise_id, attempts)
        DO UPDATE SET learners = c.learners + excluded.learners, solved = c.solved + excluded.solved
    )
    SELECT count(*) FROM gone INTO folded;

    PERFORM balance_rank_ranges();
    RETURN folded;
END $$
"""  # noqa: S608 - constants


def _cut(table: str, parts: str) -> str:
    """Return the statement that cuts long ranges, or blocks, into parts of at least `size` learners: a mark each.

    `parts` is what they are made of: rows with a mark, that count for so many `learners`.
    """
    return f"""
        IF EXISTS (SELECT 1 FROM {table} WHERE learners > 2 * size) THEN
            WITH long AS (
                SELECT r.*, following.*
                FROM {table} AS r
                LEFT JOIN LATERAL (
                    SELECT n.descending AS next_descending, n.reached_at AS next_reached_at, n.user_id AS next_user_id
                    FROM {table} AS n
                    WHERE n.board_id = r.board_id
                    AND (n.descending, n.reached_at, n.user_id) > (r.descending, r.reached_at, r.user_id)
                    ORDER BY n.descending, n.reached_at, n.user_id LIMIT 1
                ) AS following ON true
                WHERE r.learners > 2 * size
            ), numbered AS (
                SELECT p.board_id, p.descending, p.reached_at, p.user_id, p.learners,
                       l.descending AS old_descending, l.reached_at AS old_reached_at, l.user_id AS old_user_id,
                       (sum(p.learners) OVER place - p.learners) / size AS number
                FROM long AS l
                JOIN ({parts}) AS p ON p.board_id = l.board_id
                AND (p.descending, p.reached_at, p.user_id) >= (l.descending, l.reached_at, l.user_id)
                AND (l.next_descending IS NULL OR (p.descending, p.reached_at, p.user_id)
                     < (l.next_descending, l.next_reached_at, l.next_user_id))
                WINDOW place AS (
                    PARTITION BY l.board_id, l.descending, l.reached_at, l.user_id
                    ORDER BY p.descending, p.reached_at, p.user_id ROWS UNBOUNDED PRECEDING
                )
            ), marks AS (
                SELECT DISTINCT ON (board_id, old_descending, old_reached_at, old_user_id, floor(number)) *,
                       sum(learners) OVER (
                           PARTITION BY board_id, old_descending, old_reached_at, old_user_id, floor(number)
                       ) AS total
                FROM numbered
                ORDER BY board_id, old_descending, old_reached_at, old_user_id, floor(number),
                         descending, reached_at, user_id
            ), cut AS (
                INSERT INTO {table} (board_id, descending, reached_at, user_id, learners)
                SELECT board_id, descending, reached_at, user_id, total FROM marks WHERE number >= 1
            )
            UPDATE {table} AS r SET learners = m.total
            FROM marks AS m
            WHERE m.number < 1 AND r.board_id = m.board_id
            AND (r.descending, r.reached_at, r.user_id) = (m.old_descending, m.old_reached_at, m.old_user_id);
        END IF;
    """  # noqa: S608 - constants


def _join(table: str, condition: str = "true") -> str:
    """Return the statement that joins every other short range, or block, `r` to the one before it."""
    return f"""
        WITH pairs AS (
            SELECT board_id, descending, reached_at, user_id, learners, row_number() OVER place AS number,
                   lag(descending) OVER place AS before_descending, lag(reached_at) OVER place AS before_reached_at,
                   lag(user_id) OVER place AS before_user_id, lag(learners) OVER place AS before_learners
            FROM {table}
            WINDOW place AS (PARTITION BY board_id ORDER BY descending, reached_at, user_id)
        ), joined AS (
            DELETE FROM {table} AS r USING pairs AS p
            WHERE p.number % 2 = 0 AND p.learners + p.before_learners <= size AND r.board_id = p.board_id
            AND (r.descending, r.reached_at, r.user_id) = (p.descending, p.reached_at, p.user_id) AND {condition}
            RETURNING p.*
        )
        UPDATE {table} AS r SET learners = r.learners + j.learners
        FROM joined AS j
        WHERE r.board_id = j.board_id AND (r.descending, r.reached_at, r.user_id)
            = (j.before_descending, j.before_reached_at, j.before_user_id);
    """  # noqa: S608 - constants


_LEARNERS = "SELECT board_id, descending, reached_at, user_id, 1 AS learners FROM standings"
_RANGES = "SELECT * FROM rank_ranges"
# A block begins where a range does.
_BEGINS_NO_BLOCK = """NOT EXISTS (
                SELECT 1 FROM rank_blocks AS b WHERE b.board_id = r.board_id
                AND (b.descending, b.reached_at, b.user_id) = (r.descending, r.reached_at, r.user_id)
            )"""

# What became long is cut; now and then, pairs of what is short become one.
BALANCE_FUNCTION = f"""
CREATE OR REPLACE FUNCTION balance_rank_ranges() RETURNS void LANGUAGE plpgsql {PLANNED_ANEW} AS $$
DECLARE
    size bigint := {RANGE};
    joins boolean := random() < 0.1;
BEGIN
    {_cut("rank_ranges", _LEARNERS).strip()}
    IF joins THEN
        {_join("rank_ranges", _BEGINS_NO_BLOCK).strip()}
    END IF;
    size := {BLOCK};
    {_cut("rank_blocks", _RANGES).strip()}
    IF joins THEN
        {_join("rank_blocks").strip()}
    END IF;
END $$
"""
