"""What workers do with summaries: they leave nothing pending that no later write would fold."""

import sqlalchemy as sa

from project.extensions import db

MOST = 20_000  # changes in each transaction

FOLD = sa.text("SELECT fold_summaries(:most) WHERE EXISTS (SELECT 1 FROM pending_changes)")


def fold() -> None:
    """Fold what is pending, unless somebody else does so now."""
    while db.session.scalar(FOLD, {"most": MOST}):
        db.session.commit()
    db.session.commit()
