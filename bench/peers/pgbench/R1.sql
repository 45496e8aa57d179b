\set id random(1, :rows)
SELECT id, user_id, exercise_id, correct, source, points, max_points, attempts, created_at, updated_at
FROM scores WHERE id = :id;
