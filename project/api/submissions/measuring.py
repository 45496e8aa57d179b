"""What /metrics measures of grading when it is requested."""

import sqlalchemy as sa

from project.api.submissions import queries
from project.extensions import db
from project.grading.local_judge import local_judge
from project.operations.metrics import QUEUE_LENGTH


def measure() -> None:
    """Measure the sandboxes, and the queue if the database can be reached."""
    local_judge().status()  # starts the sandboxes of this process, which report their level
    try:
        QUEUE_LENGTH.set(db.session.scalar(queries.WAITING) or 0)
    except sa.exc.SQLAlchemyError:
        pass  # /ready reports a database that is down
    finally:
        db.session.rollback()
