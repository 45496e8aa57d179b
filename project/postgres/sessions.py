"""The sessions of the ORM."""

from typing import Any

from flask_sqlalchemy.session import Session


class JoiningSession(Session):
    """Flask-SQLAlchemy's, which can also work in a transaction that somebody else began and will end.

    SQLAlchemy documents how: with `bind=connection, join_transaction_mode="create_savepoint"`. Flask-SQLAlchemy's own
    session would pass over the `bind`.
    """

    def get_bind(self, *arguments: Any, **options: Any) -> Any:
        """Return the connection that the session was made for, else the engine."""
        return self.bind if self.bind is not None else super().get_bind(*arguments, **options)
