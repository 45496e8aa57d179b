"""How a graded submission changes the score of its learner, by the policy of the exercise.

It is the last part of the statement that finishes the submission, so that both happen or neither.
"""

# Whether the result of the submission replaces the score (s). It never replaces what an admin decided, and always what
# the learner reported. `decided_by` tells which of two submissions was handed in first, whichever was graded first.
REPLACES = """
    s.source <> 'override' AND (s.source = 'self_reported' OR CASE :policy
        WHEN 'latest' THEN s.decided_by IS NULL OR excluded.decided_by > s.decided_by
        WHEN 'first' THEN excluded.decided_by < s.decided_by
        ELSE (excluded.correct, excluded.points) > (s.correct, coalesce(s.points, -1))
    END)
"""
RESULT = ("correct", "source", "points", "max_points", "decided_by")
TAKEN_OVER = ", ".join(f"{name} = CASE WHEN {REPLACES} THEN excluded.{name} ELSE s.{name} END" for name in RESULT)

# Takes: policy. Reads `finished`: the submissions that the statement finishes. A sandbox error is no attempt.
COUNT = f"""
    INSERT INTO scores AS s (
        user_id, exercise_id, correct, source, points, max_points, decided_by, attempts, submission_id
    )
    SELECT user_id, exercise_id, verdict = 'accepted', 'graded', points, max_points, id, 1, id
    FROM finished WHERE verdict <> 'sandbox_error'
    ON CONFLICT (user_id, exercise_id) DO UPDATE SET
        {TAKEN_OVER},
        attempts = s.attempts + 1, submission_id = excluded.submission_id, rejudge_id = NULL,
        recorded_by = NULL, change_id = excluded.change_id
"""  # noqa: S608 - constants
