"""The API's table of contents."""

from flask import Flask

from project.api import client
from project.api.class_table.views import class_table_blueprint
from project.api.client import client_blueprint
from project.api.docs import docs_blueprint
from project.api.eval import eval_blueprint
from project.api.events import hub
from project.api.events.views import events_blueprint
from project.api.exercise_sets.views import exercise_sets_blueprint
from project.api.exercises import stored_inputs
from project.api.exercises.views import exercises_blueprint
from project.api.identifiers import ExerciseId, ScoreId
from project.api.invitations.views import invitations_blueprint
from project.api.languages.views import languages_blueprint
from project.api.leaderboard.views import leaderboard_blueprint
from project.api.progress.views import progress_blueprint
from project.api.rejudges.views import rejudges_blueprint
from project.api.remote_users import remote_users_blueprint
from project.api.scores.bulk import transfers
from project.api.scores.bulk.views import bulk_blueprint
from project.api.scores.views import scores_blueprint
from project.api.statistics.views import statistics_blueprint
from project.api.submissions import evaluations, grading, grading_threads
from project.api.submissions.views import submissions_blueprint
from project.api.users import passwords
from project.api.users.views import users_blueprint

BLUEPRINTS = (
    eval_blueprint,
    docs_blueprint,
    exercises_blueprint,
    languages_blueprint,
    scores_blueprint,
    bulk_blueprint,
    class_table_blueprint,
    submissions_blueprint,
    rejudges_blueprint,
    leaderboard_blueprint,
    exercise_sets_blueprint,
    progress_blueprint,
    statistics_blueprint,
    events_blueprint,
    users_blueprint,
    invitations_blueprint,
    remote_users_blueprint,
    client_blueprint,
)


def init_app(app: Flask) -> None:
    """Register the blueprints: not those of local users where there is a users-service, nor of a client not built."""
    app.url_map.converters["score"] = ScoreId
    app.url_map.converters["exercise"] = ExerciseId
    stored_inputs.init_app(app)
    grading.init_app(app)
    grading_threads.init_app(app)
    evaluations.init_app(app)
    transfers.init_app(app)
    hub.init_app(app)
    passwords.init_app(app)
    left_out = {
        users_blueprint: bool(app.config["USERS_SERVICE_URL"]),
        invitations_blueprint: bool(app.config["USERS_SERVICE_URL"]),
        remote_users_blueprint: not app.config["USERS_SERVICE_URL"],
        client_blueprint: not client.is_built(app.config),
    }
    for blueprint in BLUEPRINTS:
        if not left_out.get(blueprint):
            app.register_blueprint(blueprint)
