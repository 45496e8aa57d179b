-- The functions of 0010_replace_summary_functions.py, frozen.

CREATE OR REPLACE FUNCTION balance_rank_ranges() RETURNS void LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $$
DECLARE
    size bigint := 512;
    joins boolean := random() < 0.1;
BEGIN
    IF EXISTS (SELECT 1 FROM rank_ranges WHERE learners > 2 * size) THEN
            WITH long AS (
                SELECT r.*, following.*
                FROM rank_ranges AS r
                LEFT JOIN LATERAL (
                    SELECT n.descending AS next_descending, n.reached_at AS next_reached_at, n.user_id AS next_user_id
                    FROM rank_ranges AS n
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
                JOIN (SELECT board_id, descending, reached_at, user_id, 1 AS learners FROM standings) AS p ON p.board_id = l.board_id
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
                INSERT INTO rank_ranges (board_id, descending, reached_at, user_id, learners)
                SELECT board_id, descending, reached_at, user_id, total FROM marks WHERE number >= 1
            )
            UPDATE rank_ranges AS r SET learners = m.total
            FROM marks AS m
            WHERE m.number < 1 AND r.board_id = m.board_id
            AND (r.descending, r.reached_at, r.user_id) = (m.old_descending, m.old_reached_at, m.old_user_id);
        END IF;
    IF joins THEN
        WITH pairs AS (
            SELECT board_id, descending, reached_at, user_id, learners, row_number() OVER place AS number,
                   lag(descending) OVER place AS before_descending, lag(reached_at) OVER place AS before_reached_at,
                   lag(user_id) OVER place AS before_user_id, lag(learners) OVER place AS before_learners
            FROM rank_ranges
            WINDOW place AS (PARTITION BY board_id ORDER BY descending, reached_at, user_id)
        ), joined AS (
            DELETE FROM rank_ranges AS r USING pairs AS p
            WHERE p.number % 2 = 0 AND p.learners + p.before_learners <= size AND r.board_id = p.board_id
            AND (r.descending, r.reached_at, r.user_id) = (p.descending, p.reached_at, p.user_id) AND NOT EXISTS (
                SELECT 1 FROM rank_blocks AS b WHERE b.board_id = r.board_id
                AND (b.descending, b.reached_at, b.user_id) = (r.descending, r.reached_at, r.user_id)
            )
            RETURNING p.*
        )
        UPDATE rank_ranges AS r SET learners = r.learners + j.learners
        FROM joined AS j
        WHERE r.board_id = j.board_id AND (r.descending, r.reached_at, r.user_id)
            = (j.before_descending, j.before_reached_at, j.before_user_id);
    END IF;
    size := 16384;
    IF EXISTS (SELECT 1 FROM rank_blocks WHERE learners > 2 * size) THEN
            WITH long AS (
                SELECT r.*, following.*
                FROM rank_blocks AS r
                LEFT JOIN LATERAL (
                    SELECT n.descending AS next_descending, n.reached_at AS next_reached_at, n.user_id AS next_user_id
                    FROM rank_blocks AS n
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
                JOIN (SELECT * FROM rank_ranges) AS p ON p.board_id = l.board_id
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
                INSERT INTO rank_blocks (board_id, descending, reached_at, user_id, learners)
                SELECT board_id, descending, reached_at, user_id, total FROM marks WHERE number >= 1
            )
            UPDATE rank_blocks AS r SET learners = m.total
            FROM marks AS m
            WHERE m.number < 1 AND r.board_id = m.board_id
            AND (r.descending, r.reached_at, r.user_id) = (m.old_descending, m.old_reached_at, m.old_user_id);
        END IF;
    IF joins THEN
        WITH pairs AS (
            SELECT board_id, descending, reached_at, user_id, learners, row_number() OVER place AS number,
                   lag(descending) OVER place AS before_descending, lag(reached_at) OVER place AS before_reached_at,
                   lag(user_id) OVER place AS before_user_id, lag(learners) OVER place AS before_learners
            FROM rank_blocks
            WINDOW place AS (PARTITION BY board_id ORDER BY descending, reached_at, user_id)
        ), joined AS (
            DELETE FROM rank_blocks AS r USING pairs AS p
            WHERE p.number % 2 = 0 AND p.learners + p.before_learners <= size AND r.board_id = p.board_id
            AND (r.descending, r.reached_at, r.user_id) = (p.descending, p.reached_at, p.user_id) AND true
            RETURNING p.*
        )
        UPDATE rank_blocks AS r SET learners = r.learners + j.learners
        FROM joined AS j
        WHERE r.board_id = j.board_id AND (r.descending, r.reached_at, r.user_id)
            = (j.before_descending, j.before_reached_at, j.before_user_id);
    END IF;
END $$;

CREATE OR REPLACE FUNCTION fold_summaries(most bigint) RETURNS bigint LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $$
DECLARE
    folded bigint;
BEGIN
    LOCK TABLE scores IN ACCESS SHARE MODE;
    -- Each statement must see all that the last one who folded has committed.
    IF current_setting('transaction_isolation') <> 'read committed'
       OR NOT pg_try_advisory_xact_lock(20261123) THEN
        RETURN 0;
    END IF;
    INSERT INTO rank_ranges (board_id, descending, reached_at, user_id)
    SELECT board_id, -2147483648, '-infinity'::timestamptz, -9223372036854775808
    FROM (SELECT 0 AS board_id UNION ALL SELECT id FROM exercise_sets) AS board
    ON CONFLICT DO NOTHING;
    INSERT INTO rank_blocks (board_id, descending, reached_at, user_id)
    SELECT board_id, -2147483648, '-infinity'::timestamptz, -9223372036854775808
    FROM (SELECT 0 AS board_id UNION ALL SELECT id FROM exercise_sets) AS board
    ON CONFLICT DO NOTHING;

    WITH gone AS (
        DELETE FROM pending_changes
        -- In the order in which they came about: what a score had is never taken away before it was given.
        WHERE ctid = ANY (ARRAY(SELECT ctid FROM pending_changes ORDER BY change_id, n DESC LIMIT most))
        RETURNING user_id, exercise_id, attempts, solved_at, n
    ), deltas AS (
        SELECT board_id, user_id, sum(n) AS solved,
               max(solved_at) FILTER (WHERE n > 0) AS gained, max(solved_at) FILTER (WHERE n < 0) AS lost
        FROM (
            SELECT 0 AS board_id, user_id, solved_at, n FROM gone
            UNION ALL
            SELECT m.set_id, g.user_id, g.solved_at, g.n
            FROM gone AS g JOIN exercise_set_members AS m ON m.exercise_id = g.exercise_id
        ) AS change
        WHERE solved_at IS NOT NULL GROUP BY board_id, user_id
    ), moves AS MATERIALIZED (
        SELECT d.board_id, d.user_id, s.solved AS old_solved, s.reached_at AS old_reached_at,
               coalesce(s.solved, 0) + d.solved AS solved, 
    CASE WHEN d.lost >= coalesce(s.reached_at, '-infinity') THEN coalesce((
        SELECT max(coalesce(score.solved_at, score.created_at)) FROM scores AS score
        WHERE score.user_id = d.user_id AND score.correct AND (d.board_id = 0 OR EXISTS (
            SELECT 1 FROM exercise_set_members AS m
            WHERE m.exercise_id = score.exercise_id AND m.set_id = d.board_id
        ))
    ), d.lost) ELSE greatest(s.reached_at, d.gained) END
 AS reached_at
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
    ), ranges AS (
        UPDATE rank_ranges AS r SET learners = r.learners + s.learners
        FROM (
            SELECT r.board_id, r.descending, r.reached_at, r.user_id, sum(s.n) AS learners
            FROM steps AS s
            CROSS JOIN LATERAL (
                SELECT * FROM rank_ranges AS r
                WHERE r.board_id = s.board_id
                AND (r.descending, r.reached_at, r.user_id) <= (s.descending, s.reached_at, s.user_id)
                ORDER BY r.descending DESC, r.reached_at DESC, r.user_id DESC LIMIT 1
            ) AS r
            GROUP BY r.board_id, r.descending, r.reached_at, r.user_id HAVING sum(s.n) <> 0
        ) AS s
        WHERE r.board_id = s.board_id
        AND (r.descending, r.reached_at, r.user_id) = (s.descending, s.reached_at, s.user_id)
    
    ), blocks AS (
        UPDATE rank_blocks AS r SET learners = r.learners + s.learners
        FROM (
            SELECT r.board_id, r.descending, r.reached_at, r.user_id, sum(s.n) AS learners
            FROM steps AS s
            CROSS JOIN LATERAL (
                SELECT * FROM rank_blocks AS r
                WHERE r.board_id = s.board_id
                AND (r.descending, r.reached_at, r.user_id) <= (s.descending, s.reached_at, s.user_id)
                ORDER BY r.descending DESC, r.reached_at DESC, r.user_id DESC LIMIT 1
            ) AS r
            GROUP BY r.board_id, r.descending, r.reached_at, r.user_id HAVING sum(s.n) <> 0
        ) AS s
        WHERE r.board_id = s.board_id
        AND (r.descending, r.reached_at, r.user_id) = (s.descending, s.reached_at, s.user_id)
    
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
END $$;

CREATE OR REPLACE FUNCTION rebuild_board(board bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE scores IN ACCESS SHARE MODE;
    PERFORM pg_advisory_xact_lock(20261123);
    DELETE FROM standings WHERE board_id = board;
    DELETE FROM rank_ranges WHERE board_id = board;
    DELETE FROM rank_blocks WHERE board_id = board;
    IF board = 0 THEN
        
        INSERT INTO standings (board_id, user_id, solved, reached_at)
        SELECT board, user_id, sum(n), max(solved_at)
        FROM (
            SELECT user_id, exercise_id, coalesce(solved_at, created_at) AS solved_at, 1 AS n
            FROM scores WHERE correct
            UNION ALL
            SELECT user_id, exercise_id, solved_at, -n FROM pending_changes WHERE solved_at IS NOT NULL
        ) AS change
        WHERE true
        GROUP BY user_id HAVING sum(n) > 0;
    
    ELSE
        
        INSERT INTO standings (board_id, user_id, solved, reached_at)
        SELECT board, user_id, sum(n), max(solved_at)
        FROM (
            SELECT user_id, exercise_id, coalesce(solved_at, created_at) AS solved_at, 1 AS n
            FROM scores WHERE correct
            UNION ALL
            SELECT user_id, exercise_id, solved_at, -n FROM pending_changes WHERE solved_at IS NOT NULL
        ) AS change
        WHERE exercise_id = ANY (ARRAY(SELECT exercise_id FROM exercise_set_members WHERE set_id = board))
        GROUP BY user_id HAVING sum(n) > 0;
    
    END IF;
    INSERT INTO rank_ranges (board_id, descending, reached_at, user_id, learners)
    SELECT board, -2147483648, '-infinity'::timestamptz, -9223372036854775808, count(*) FROM standings WHERE board_id = board;
    INSERT INTO rank_blocks (board_id, descending, reached_at, user_id, learners)
    SELECT board_id, descending, reached_at, user_id, learners FROM rank_ranges WHERE board_id = board;
    PERFORM balance_rank_ranges();
END $$;

CREATE OR REPLACE FUNCTION rebuild_summaries() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE scores IN ACCESS SHARE MODE;
    PERFORM pg_advisory_xact_lock(20261123);
    DELETE FROM standings;
    DELETE FROM rank_ranges;
    DELETE FROM rank_blocks;
    PERFORM rebuild_board(board)
    FROM (SELECT 0::bigint AS board UNION ALL SELECT id FROM exercise_sets) AS boards;
    DELETE FROM exercise_counts;
    INSERT INTO exercise_counts (exercise_id, attempts, learners, solved)
    SELECT exercise_id, attempts, sum(n), coalesce(sum(n) FILTER (WHERE since IS NOT NULL), 0)
    FROM (
        SELECT exercise_id, attempts, CASE WHEN correct THEN coalesce(solved_at, created_at) END AS since, 1 AS n FROM scores
        UNION ALL
        SELECT exercise_id, attempts, solved_at, -n FROM pending_changes
    ) AS change
    GROUP BY exercise_id, attempts;
END $$;

CREATE OR REPLACE FUNCTION forget_summaries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'truncate scores in READ COMMITTED: an older snapshot does not see all that must go with them'
            USING ERRCODE = 'feature_not_supported';
    END IF;
    PERFORM pg_advisory_xact_lock(20261123);
    DELETE FROM pending_changes;
    DELETE FROM standings;
    DELETE FROM rank_ranges;
    DELETE FROM rank_blocks;
    DELETE FROM exercise_counts;
    RETURN NULL;
END $$;
