"""The service: `create_app()` puts the parts together and holds no logic of its own."""

from typing import Any

from flask import Flask

from project import api, config
from project.api.users.tokens import EmbeddedUsers
from project.extensions import db, migrate
from project.grading import local_judge
from project.operations import observability
from project.postgres import prepared, replica
from project.settings.secret_key import secret_key
from project.users_service import client as users_service_client
from project.web import auth, conditional, costly_reads, errors, rate_limits, responses, security

__all__ = ["create_app", "db", "migrate"]


def create_app(**overrides: Any) -> Flask:
    """Return the application as APP_SETTINGS configures it; `overrides` replace single settings.

    Raises:
        SettingsError: a setting is missing or wrong.

    """
    app = Flask(__name__, static_folder=None)
    app.url_map.merge_slashes = False  # an unknown address is a 404 of ours, and no redirect to a like one
    app.config.from_object(config.selected())
    app.config.from_mapping(overrides)
    secret_key(app.config)  # refuses to go on without one

    # The order matters: what comes first here sees a request first, and its response last. So each request has its id
    # before anything can go wrong, errors from before Flask are raised before it is checked who calls, and the line in
    # the log says what is sent. A test names the order.
    observability.init_app(app)
    security.init_app(app)
    responses.init_app(app)
    errors.init_app(app)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(config.ROOT / "migrations"))
    prepared.init_app(app)
    replica.init_app(app)
    rate_limits.init_app(app)
    costly_reads.init_app(app)
    local_judge.init_app(app)
    conditional.init_app(app)
    auth.init_app(app, users_service_client.from_config(app.config) or EmbeddedUsers(app.config))
    api.init_app(app)
    return app
