"""What is created once and bound to the application in `create_app`. At the bottom: no model, no view, no auth."""

from typing import TYPE_CHECKING

from flask_migrate import Migrate
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from project.postgres.database import Database
from project.postgres.sessions import JoiningSession

# So that every constraint has a name that a migration and an error handler can use.
NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What all models have in common."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


db = Database(model_class=Base, session_options={"class_": JoiningSession})
migrate = Migrate()

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model
