"""The task of workers that folds what is pending: changes after which no write comes that would fold them."""

import sqlalchemy as sa

from project.extensions import db

MOST = 20_000  # changes folded in one transaction

FOLD = sa.text("SELECT fold_summaries(:most) WHERE EXISTS (SELECT 1 FROM pending_changes)")


def fold() -> None:
    """Fold all pending changes, unless another transaction folds now."""
    while db.session.scalar(FOLD, {"most": MOST}):
        db.session.commit()
    db.session.commit()
