"""What /metrics says of grading at the moment when it is asked."""

import sqlalchemy as sa
from flask import has_app_context

from project.api.submissions import queries
from project.extensions import db
from project.grading.grader import grader
from project.operations.metrics import QUEUE_LENGTH, measurements


def measure() -> None:
    """Measure the queue, as far as the database can be asked, and the sandboxes."""
    if not has_app_context():
        return
    grader.status()  # starts the sandboxes of this process, which then report their level
    try:
        QUEUE_LENGTH.set(db.session.scalar(queries.WAITING) or 0)
    except sa.exc.SQLAlchemyError:
        pass  # whoever is down is seen elsewhere
    finally:
        db.session.rollback()


def init_app() -> None:
    """Let /metrics measure."""
    if measure not in measurements:
        measurements.append(measure)
