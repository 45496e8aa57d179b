-- What counts on boards, and why a score went. Frozen: docs/adr/0010.

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
        )) AND NOT score.off_board
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
            FROM scores WHERE correct AND NOT off_board
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
            FROM scores WHERE correct AND NOT off_board
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
        SELECT exercise_id, attempts, CASE WHEN correct AND NOT off_board THEN coalesce(solved_at, created_at) END AS since, 1 AS n FROM scores
        UNION ALL
        SELECT exercise_id, attempts, solved_at, -n FROM pending_changes
    ) AS change
    GROUP BY exercise_id, attempts;
END $$;

CREATE OR REPLACE FUNCTION note_score_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    noted bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO pending_changes (user_id, exercise_id, attempts, solved_at, change_id, n) SELECT user_id, exercise_id, attempts, CASE WHEN correct AND NOT off_board THEN coalesce(solved_at, created_at) END, change_id, 1 FROM added;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO pending_changes (user_id, exercise_id, attempts, solved_at, change_id, n) SELECT user_id, exercise_id, attempts, CASE WHEN correct AND NOT off_board THEN coalesce(solved_at, created_at) END, change_id, -1 FROM removed;
    ELSIF (SELECT count(*) FROM added) > 1 THEN
        INSERT INTO pending_changes (user_id, exercise_id, attempts, solved_at, change_id, n)
        SELECT user_id, exercise_id, attempts, since, min(change_id), sum(n) FROM (
            SELECT user_id, exercise_id, attempts, CASE WHEN correct AND NOT off_board THEN coalesce(solved_at, created_at) END AS since, change_id, 1 AS n FROM added
            UNION ALL
            SELECT user_id, exercise_id, attempts, CASE WHEN correct AND NOT off_board THEN coalesce(solved_at, created_at) END, change_id, -1 FROM removed
        ) AS change
        GROUP BY user_id, exercise_id, attempts, since HAVING sum(n) <> 0;
    ELSIF (SELECT (user_id, exercise_id, attempts, correct, off_board, solved_at, created_at) FROM added) IS DISTINCT FROM (SELECT (user_id, exercise_id, attempts, correct, off_board, solved_at, created_at) FROM removed) THEN
        INSERT INTO pending_changes (user_id, exercise_id, attempts, solved_at, change_id, n) SELECT user_id, exercise_id, attempts, CASE WHEN correct AND NOT off_board THEN coalesce(solved_at, created_at) END, change_id, 1 FROM added UNION ALL SELECT user_id, exercise_id, attempts, CASE WHEN correct AND NOT off_board THEN coalesce(solved_at, created_at) END, change_id, -1 FROM removed;
    ELSE
        RETURN NULL;
    END IF;
    GET DIAGNOSTICS noted = ROW_COUNT;
    IF random() * 512 < noted THEN
        PERFORM fold_summaries(2000 + 2 * noted);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION touch_score() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.change_id = OLD.change_id THEN
        -- Nobody said who he is; the one who wrote last must not be named for it.
        NEW.recorded_by := NULL;
        NEW.source := 'override';
        NEW.decided_by := NULL;
        NEW.submission_id := NULL;
        NEW.rejudge_id := NULL;
    END IF;
    NEW.off_board := NEW.off_board AND NEW.source = 'self_reported';
    -- Taken when the row is locked: of two writers at once, the one that comes second gets the larger number.
    NEW.change_id := nextval('score_change_ids');
    NEW.updated_at := clock_timestamp();
    -- The first time that it was solved stays with the score, also when it is taken away and given back.
    IF NEW.correct <> OLD.correct AND NEW.solved_at IS NULL THEN
        NEW.solved_at := CASE WHEN OLD.correct THEN OLD.created_at ELSE NEW.updated_at END;
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION record_score_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        INSERT INTO score_changes (id, score_id, user_id, exercise_id, action, correct, source,
                                   points, max_points, attempts)
        SELECT nextval('score_change_ids'), id, user_id, exercise_id, 'deleted', correct, 'override',
               points, max_points, attempts FROM scores;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO score_changes (id, score_id, user_id, exercise_id, action, correct, source,
                                   points, max_points, attempts, reason)
        SELECT nextval('score_change_ids'), id, user_id, exercise_id, 'deleted', correct, 'override',
               points, max_points, attempts, (SELECT nullif(current_setting('eval.reason', true), '')) FROM changed;
    ELSE
        INSERT INTO score_changes (id, score_id, user_id, exercise_id, action, correct, source, recorded_by,
                                   points, max_points, attempts, submission_id, rejudge_id, reason)
        SELECT change_id, id, user_id, exercise_id,
               CASE TG_OP WHEN 'INSERT' THEN 'created' ELSE 'changed' END, correct, source, recorded_by,
               points, max_points, attempts, submission_id, rejudge_id,
               (SELECT nullif(current_setting('eval.reason', true), '')) FROM changed;
    END IF;
    RETURN NULL;
END $$;
