"""The sessions of the ORM."""

from typing import Any

from flask_sqlalchemy.session import Session


class JoiningSession(Session):
    """A Flask-SQLAlchemy session that can also join the transaction of a connection.

    SQLAlchemy documents how: `bind=connection, join_transaction_mode="create_savepoint"`. Flask-SQLAlchemy's session
    ignores the `bind`.
    """

    def get_bind(self, *arguments: Any, **options: Any) -> Any:
        """Return the connection that the session was made for, else the engine."""
        return self.bind if self.bind is not None else super().get_bind(*arguments, **options)
