\set learner random(1, :learners) * :step
\set exercise random(1, :exercises)
\set correct random(0, 1)
INSERT INTO scores (user_id, exercise_id, correct, source, recorded_by)
VALUES (:learner, :exercise, :correct = 1, 'self_reported', :learner)
ON CONFLICT (user_id, exercise_id) DO UPDATE SET
    correct = excluded.correct, source = excluded.source,
    recorded_by = excluded.recorded_by, change_id = excluded.change_id
RETURNING id, user_id, exercise_id, correct, source, points, max_points, attempts, created_at, updated_at, xmax = 0 AS created;
