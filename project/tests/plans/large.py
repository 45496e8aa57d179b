"""A large database: what a site has after a while, written set by set, and by the triggers that always write."""

LEARNERS, EXERCISES, EACH = 8000, 1000, 25
SET = ",".join(map(str, range(1, 21)))  # the exercises of the set `week`
BUSY = 17  # a learner with more than a page of scores, and of submissions

FILL = f"""
INSERT INTO users (username, email, password_hash)
SELECT 'learner' || n, 'learner' || n || '@example.org', '' FROM generate_series(1, {LEARNERS}) AS n;

INSERT INTO exercises (exercise_body, grading, slug)
SELECT 'Exercise ' || n, CASE WHEN n % 2 = 0 THEN 'self' ELSE 'server' END, 'exercise-' || n
FROM generate_series(1, {EXERCISES}) AS n;

INSERT INTO exercise_sets (name) VALUES ('week');
INSERT INTO exercise_set_members (exercise_id, set_id)
SELECT n, id FROM unnest('{{{SET}}}'::bigint[]) AS n, exercise_sets;

-- 200,000, by exercise, as learners go through them.
INSERT INTO scores (user_id, exercise_id, correct, attempts, created_at, updated_at)
SELECT n, e, (n * 7919 + e * 104729) % 100 < 30 + n % 67, n % 5, at, at
FROM generate_series(1, {EXERCISES}) AS e
CROSS JOIN LATERAL generate_series(1 + e % {LEARNERS // 200}, {LEARNERS}, {EXERCISES // EACH}) AS n
CROSS JOIN LATERAL (SELECT timestamptz '2026-01-01 00:00+00' + (e * 300 + n % 300) * interval '1 minute' AS at) AS t;
INSERT INTO scores (user_id, exercise_id, correct)
SELECT {BUSY}, e, e % 3 > 0 FROM generate_series(1, 3 * {EXERCISES // 2}) AS e ON CONFLICT DO NOTHING;

INSERT INTO submissions (
    user_id, exercise_id, exercise_version, language, answer, state, verdict, points, max_points, finished_at
)
SELECT user_id, exercise_id, 1, 'python', 'print({EACH})', 'done',
       CASE WHEN correct THEN 'accepted' ELSE 'wrong_answer' END, 1, 1, created_at
FROM scores WHERE user_id % 2 = 1 ORDER BY hashint8(id);
-- And what is going on: a queue, and its jobs.
INSERT INTO submissions (user_id, exercise_id, exercise_version, language, answer, slot)
SELECT n, 1 + n % {EXERCISES}, 1, 'python', 'print({EACH})', 1 FROM generate_series(1, 500) AS n;
INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock)
SELECT 'grade', 'eval:grade', 'submission ' || id || ', run 1' FROM submissions WHERE state = 'queued';
INSERT INTO submissions (user_id, exercise_id, exercise_version, language, answer, slot, state, run, leased_until)
SELECT n, 1 + n % {EXERCISES}, 1, 'python', 'print({EACH})', 1, 'running', 1, now() + interval '1 hour'
FROM generate_series(501, 520) AS n;

INSERT INTO rejudges (exercise_id, exercise_version, requested_by, submissions, state)
SELECT n, 1, 1, 100, CASE WHEN n = 1 THEN 'running' ELSE 'ready' END FROM generate_series(1, 500) AS n;
INSERT INTO rejudge_results (rejudge_id, submission_id, user_id, verdict, points, max_points)
SELECT r.id, s.id, s.user_id, s.verdict, 1, 1
FROM rejudges AS r JOIN submissions AS s ON s.exercise_id = r.exercise_id WHERE s.state = 'done' AND r.id > 1;
INSERT INTO rejudge_changes (
    rejudge_id, score_id, user_id, change_id, before_correct, before_decided_by, after_correct, after_points,
    after_max_points, after_decided_by
)
SELECT r.rejudge_id, s.id, s.user_id, s.change_id, s.correct, 1, NOT s.correct, 1, 1, 1
FROM rejudge_results AS r JOIN rejudges ON rejudges.id = r.rejudge_id
JOIN scores AS s ON s.user_id = r.user_id AND s.exercise_id = rejudges.exercise_id;

-- Most of these last: what is over is cleared away time and again.
INSERT INTO idempotency_keys (user_id, key, fingerprint, expires_at)
SELECT 1 + n % {LEARNERS}, int4send(n), int4send(n), now() + (n - 100) * interval '1 minute'
FROM generate_series(1, 20000) AS n;
INSERT INTO rate_limits (key, hits, ends_at)
SELECT 'write/' || n, 1, now() + (n - 100) * interval '1 minute' FROM generate_series(1, 20000) AS n;
INSERT INTO revoked_tokens (id, expires_at)
SELECT gen_random_uuid(), now() + (n - 100) * interval '1 minute' FROM generate_series(1, 20000) AS n;
UPDATE users SET role = 'admin' WHERE id = 1;
SELECT fold_summaries(1000000);
"""

# Pending changes as readers find them on a busy day: many new solves, and few that were revoked.
PENDING = f"""
UPDATE scores SET correct = true WHERE NOT correct AND exercise_id IN (3, 5) AND user_id <> {BUSY};
UPDATE scores SET correct = false WHERE correct AND exercise_id = 7 AND user_id % 30 = 7 AND user_id <> {BUSY};
"""
