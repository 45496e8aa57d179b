"""As specified."""

import datetime

from project import db
from project.api.scores.models import Score


def add_score(user_id, exercise_id, correct, created_at=None):
    """Commit a score; without a time, the database says when."""
    created_at = created_at or datetime.datetime.now(datetime.UTC)
    score = Score(
        user_id=user_id, exercise_id=exercise_id, correct=correct, created_at=created_at, updated_at=created_at
    )
    db.session.add(score)
    db.session.commit()
    return score
