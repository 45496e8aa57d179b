"""The fixtures of all tests: a real database with irrelevant rows, and users of each role."""

import os
import random
import secrets
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import cache

import flask_migrate
import pytest
import sqlalchemy as sa

from project import create_app, db
from project.api.exercises.models import Exercise
from project.api.users.models import User
from project.api.users.passwords import hash_password
from project.api.users.tokens import issue_token
from project.grading import local_judge
from project.operations import readiness
from project.postgres.database import dispose_all
from project.tests import servers
from project.tests.front.rsgi_client import FrontClient
from project.tests.servers import DEADLINE_SECONDS, reachable
from project.web.roles import Role

NOISE_USER = 900_000
NOISE_EXERCISES = (1, 2, 3)
# Applications with the same values of these share sandboxes, which take longer to start than most tests.
JUDGE_SETTINGS = {"SANDBOX_MIN_LEVEL", "GRADING_SLOTS", "GRADING_SUBMISSION_SECONDS"}
XDIST_WORKER = "PYTEST_XDIST_WORKER"

EMPTY = """
    SET LOCAL statement_timeout = 0;
    DELETE FROM exercises;
    ALTER TABLE exercise_versions DISABLE TRIGGER append_only;
    DELETE FROM exercise_versions;
    ALTER TABLE exercise_versions ENABLE TRIGGER append_only;
    ALTER TABLE case_inputs DISABLE TRIGGER append_only;
    DELETE FROM case_inputs;
    ALTER TABLE case_inputs ENABLE TRIGGER append_only;
    DELETE FROM submissions;
    DELETE FROM rejudges;
    DELETE FROM rejudge_results;
    DELETE FROM rejudge_changes;
    DELETE FROM procrastinate_jobs;
    DELETE FROM procrastinate_workers;
    DELETE FROM users;
    DELETE FROM invitations;
    DELETE FROM revoked_tokens;
    DELETE FROM rate_limits;
    DELETE FROM idempotency_keys;
    DELETE FROM scores;
    ALTER TABLE score_changes DISABLE TRIGGER append_only;
    DELETE FROM score_changes;
    ALTER TABLE score_changes ENABLE ALWAYS TRIGGER append_only;
    DELETE FROM pending_changes;
    DELETE FROM standings;
    DELETE FROM rank_ranges;
    DELETE FROM rank_blocks;
    DELETE FROM exercise_counts;
    DELETE FROM exercise_set_members;
    DELETE FROM exercise_sets
"""

# The rows that are irrelevant to all tests. PostgreSQL reads the two answers before it inserts.
ADD_NOISE = """
    WITH noise_user AS (
        INSERT INTO users (username, email, password_hash) VALUES ('noise', 'noise@noise.test', %(password_hash)s)
    ), noise_scores AS (
        INSERT INTO scores (user_id, exercise_id, correct)
        SELECT %(user)s, exercise_id, exercise_id %% 2 = 0 FROM unnest(%(exercises)s) AS exercise_id
    ), noise_exercise AS (
        INSERT INTO exercises (exercise_body, test_code, test_code_solution) VALUES ('noise', 'noise', 'noise')
        RETURNING id
    ), noise_submission AS (
        INSERT INTO submissions (user_id, exercise_id, exercise_version, language, answer, state, verdict,
            points, max_points)
        SELECT %(user)s, id, 1, 'python', 'noise', 'done', 'accepted', 1, 1 FROM noise_exercise
    )
    SELECT (SELECT version_num FROM alembic_version) AS revision, NOT EXISTS (SELECT FROM users) AS is_empty
"""


def migrate_if_needed():
    """Create the schema by the migrations, if it is missing. The specification's tests drop it."""
    if db.session.scalar(sa.text("SELECT to_regclass('scores')")) is None:
        db.session.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
        db.session.commit()
    if readiness.missing_in_database():
        flask_migrate.upgrade()
        # The ids of the tests' exercises are never those of NOISE_EXERCISES.
        db.session.execute(sa.text("SELECT setval('exercises_id_seq', 1000)"))
        db.session.commit()


def empty_database():
    """Empty all tables, including append-only ones: as their owner, a test may disable the triggers."""
    with db.engine.begin() as connection:
        connection.exec_driver_sql(EMPTY)


@pytest.hookimpl(trylast=True)  # after other plugins have ordered them
def pytest_collection_modifyitems(items):
    """Start the longest files first."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session", autouse=True)
def postgres_template(tmp_path_factory):
    """Name the place of the template, in pytest's directory of this run: it is created when it is first needed."""
    directory = tmp_path_factory.getbasetemp()
    servers.postgres_template = servers.PostgresTemplate(directory.parent if XDIST_WORKER in os.environ else directory)


@pytest.fixture(autouse=True)
def reachable_tmp_path(request):
    """Let the embedded PostgreSQL traverse the test's directory: started by root, it runs as another user."""
    if "tmp_path" in request.fixturenames:
        reachable(request.getfixturevalue("tmp_path"))


@pytest.fixture
def rng(request):
    """Return a random generator. A failed test reports its seed; TEST_SEED=... repeats it."""
    seed = os.environ.get("TEST_SEED") or str(secrets.randbits(32))
    request.node.add_report_section("call", "seed", f"Repeat this test with TEST_SEED={seed}")
    return random.Random(f"{seed} {request.node.name}")


@pytest.fixture(scope="session")
def shared_app():
    """Create the application of all tests without settings of their own."""
    app = create_app()
    with app.app_context():
        # Faster, and these rows need no durability. Tests of durability start their own servers.
        name = db.engine.url.database
        db.session.execute(sa.text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
        db.session.commit()
        db.engine.dispose()
    return app


@pytest.fixture(scope="session")
def migrated(shared_app):
    """Return the name of a migrated database, to copy it: `own_database(app, migrated)`."""
    with servers.own_database(shared_app) as url:
        app = create_app(SQLALCHEMY_DATABASE_URI=url)
        with app.app_context():
            flask_migrate.upgrade()
            db.engine.dispose()
        yield sa.make_url(url).database


@pytest.fixture
def database(shared_app):
    """Prepare the database: migrated, and empty except for irrelevant rows."""
    with shared_app.app_context():
        if not add_noise():
            migrate_if_needed()
            empty_database()  # the test before this one failed to, and has reported that
            assert add_noise()
    yield
    with shared_app.app_context():
        empty_database()


@cache
def known_hash(password):
    """Return the hash of a password, computed once: it takes longer than the rest of adding a user."""
    return hash_password(password)


def add_member(name, email, password, role=Role.LEARNER):
    """Add a user as `add_user` does."""
    user = User(username=name, email=email, password_hash=known_hash(password), role=role)
    db.session.add(user)
    db.session.flush()
    return user


def add_noise():
    """Add rows that are irrelevant to all tests, so that a statement without its WHERE clause fails.

    One statement checks the database too, since this precedes thousands of tests. Return False, and add nothing, if the
    database must be migrated or emptied first.
    """
    noise = {"user": NOISE_USER, "exercises": list(NOISE_EXERCISES), "password_hash": known_hash("noise")}
    with db.engine.connect() as connection:
        try:
            revision, is_empty = connection.exec_driver_sql(ADD_NOISE, noise).one()
        except (sa.exc.ProgrammingError, sa.exc.IntegrityError):  # no table, or noise
            return False
        if not is_empty or revision != readiness.head_revision():
            return False
        connection.commit()
        return True


@pytest.fixture
def app(shared_app, database):
    """Return the application, with the database of this test."""
    return shared_app


@pytest.fixture
def make_app(shared_app, database):
    """Create an application with settings of its own: `make_app(SCORES_PUBLIC=False)`."""
    apps = []  # so that none is garbage-collected while its connections are open

    def make(**settings):
        apps.append(new_app(shared_app, settings))
        return apps[-1]

    yield make
    for app in apps:
        wait_until_graded(app)  # the connections of its threads are closed only when they are idle
    dispose_all()


def new_app(shared_app, settings):
    """Create an application with settings of its own, and the sandboxes of the shared one if these fit."""
    app = create_app(**settings)
    if not JUDGE_SETTINGS & settings.keys():
        app.extensions[local_judge.EXTENSION] = local_judge.judge_of(shared_app)
    return app


def wait_until_graded(app):
    """Wait until an application grades nothing."""
    with ExitStack() as slots:
        for _ in range(app.config["GRADING_SLOTS"]):
            slots.enter_context(local_judge.judge_of(app).claim_slot(DEADLINE_SECONDS))


@pytest.fixture
def make_front():
    """Create a client that sends its requests to the front of an application: `make_front(app)`."""
    with ExitStack() as clients:
        yield lambda app: clients.enter_context(closing(FrontClient(app)))


@pytest.fixture
def client(app):
    """Return a client of the application."""
    return app.test_client()


@dataclass
class Member:
    """A user with a token, and the headers of their requests."""

    id: int
    email: str
    token: str
    headers: dict = field(init=False)

    def __post_init__(self):
        self.headers = {"Authorization": f"Bearer {self.token}"}


PASSWORD = "correct horse battery"


@pytest.fixture
def make_member(app):
    """Add a user of a role: `make_member("ada", Role.ADMIN)`."""

    def make(name, role=Role.LEARNER):
        with app.app_context():
            user = add_member(name, f"{name}@example.org", PASSWORD, role)
            member = Member(user.id, user.email, issue_token(user.id))
            db.session.commit()
            return member

    return make


@pytest.fixture
def learner(make_member):
    return make_member("learner")


@pytest.fixture
def other(make_member):
    """Add another learner."""
    return make_member("other")


@pytest.fixture
def grader(make_member):
    return make_member("grader", Role.GRADER)


@pytest.fixture
def admin(make_member):
    return make_member("admin", Role.ADMIN)


@pytest.fixture
def rows(app):
    """Read rows from the database: `rows("SELECT ...")` returns dictionaries."""

    def read(statement, **values):
        with app.app_context():
            return [dict(row) for row in db.session.execute(sa.text(statement), values).mappings()]

    return read


@pytest.fixture
def change(app):
    """Change rows of the database: `change("UPDATE ...", id=5)`."""

    def write(statement, **values):
        with app.app_context():
            db.session.execute(sa.text("SET LOCAL statement_timeout = 0"))  # for busy machines
            db.session.execute(sa.text(statement), values)
            db.session.commit()

    return write


@pytest.fixture(scope="module")
def offline():
    """A client of an application without a database, for requests that are rejected without a query."""
    return create_app(SQLALCHEMY_DATABASE_URI="postgresql+psycopg:///none?host=/nowhere").test_client()


@pytest.fixture
def graded_exercise(app):
    """Add an exercise that the service grades, and return its id."""
    with app.app_context():
        exercise = Exercise(exercise_body="b", test_code="t", test_code_solution="s", grading="server")
        db.session.add(exercise)
        db.session.commit()
        return exercise.id


@pytest.fixture
def all_slots(app, make_app):
    """Claim all slots of this process, until the test ends or closes the returned stack."""
    judge = local_judge.judge_of(app)
    with ExitStack() as slots:
        while slot := judge.claim_slot():
            slots.enter_context(slot)
        yield slots


@pytest.fixture
def finished_grading(app):
    """Wait at the end of the test for the grading that it started."""
    yield
    wait_until_graded(app)
