\set learner random(1, :learners) * :step
SELECT id, user_id, exercise_id, correct, source, points, max_points, attempts, created_at, updated_at
FROM scores WHERE user_id = :learner ORDER BY id;
