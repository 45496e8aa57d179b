\set after random(:rows / 2, :rows - 100)
SELECT id, user_id, exercise_id, correct, source, points, max_points, attempts, created_at, updated_at
FROM scores WHERE id > :after ORDER BY id LIMIT 51;
