"""Who may do what: every route is requested as every role, and answers as the table says."""

import re
from contextlib import ExitStack, closing
from functools import cache

import pytest

from project import create_app
from project.grading import local_judge
from project.postgres.database import dispose_all
from project.tests.conftest import empty_database
from project.tests.front.rsgi_client import FrontClient
from project.tests.permissions.table import BODIES, PRIVATE_SCORES, TABLE, USERS_SERVICE
from project.tests.permissions.world import CALLERS, OWN, ROLES, SECRETS, make_world
from project.tests.stub_users_service import StubUsersService, user

NAMES = re.compile(r"{(\w+)}")
BODY_TYPES = {"bulk": "application/x-ndjson"}
# Served by the users-service where there is one.
OF_OWN_USERS = ("/auth/", "/users", "/invitations")


def rows_of(table):
    return [line.split() for line in table.strip().splitlines() if line and not line.startswith("#")]


def in_table(table):
    return pytest.mark.parametrize("row", rows_of(table), ids=lambda row: " ".join(row[:2]))


class World:
    """The callers and resources; made anew after each request that changed something."""

    def __init__(self, app, users_service=None, client=None):
        self.app, self.users_service = app, users_service
        self.client = client or app.test_client()
        self.renew()

    def renew(self):
        with self.app.app_context():
            empty_database()
            self.tokens, self.ids = make_world()
        self.ids["missing"] = max(self.ids.values()) + 1000
        if self.users_service:
            self.tokens = {name: f"{name}-{self.ids[name]}" for name in ROLES}
            for name, token in self.tokens.items():
                known = user(self.ids[name], role=ROLES[name], active=name != "inactive")
                self.users_service.users[token] = known

    def cell(self, client, method, path, caller):
        """Send a request as somebody; return what the table should say."""
        address, _, body = path.partition("#")
        headers = {"Authorization": f"Bearer {self.tokens[caller]}"} if caller in self.tokens else {}
        if body:
            headers["Content-Type"] = BODY_TYPES.get(body, "application/json")
        content = self.fill(BODIES[body]) if body else None
        with client.open(self.fill(address), method=method, headers=headers, data=content) as response:
            text = "" if response.mimetype == "text/event-stream" else response.get_data(as_text=True)
            if method != "GET" and response.status_code < 300:
                self.renew()
            shows = [mark for mark, words in (("+", OWN), ("!", SECRETS)) if any(word in text for word in words)]
            return "".join([str(response.status_code), *shows])

    def fill(self, text):
        """Put the ids of the resources in the places of their names."""
        return NAMES.sub(lambda name: str(self.ids[name[1]]), text)

    def row(self, method, path):
        return {caller: self.cell(self.client, method, path, caller) for caller in CALLERS}


@pytest.fixture(scope="module")
def built_client(tmp_path_factory):
    """Give a folder with a web client; without one its routes do not exist."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "index.html").write_text("<!doctype html><title>client</title>")
    return folder


@pytest.fixture(scope="module")
def make_shared_app(shared_app):
    """Create an application, or return the one of an earlier row: to create one takes longer than the requests do."""

    @cache
    def make(**settings):
        app = create_app(EVENT_STREAM_SECONDS=0, **settings)
        app.extensions[local_judge.EXTENSION] = local_judge.judge_of(shared_app)
        return app

    yield make
    dispose_all()


@pytest.fixture(scope="module", params=[True, False], ids=["front", "Flask"])
def make_client(request):
    """Create a client that goes by the front of an application, or to Flask itself; one for each application."""
    with ExitStack() as fronts:
        yield cache(lambda app: fronts.enter_context(closing(FrontClient(app))) if request.param else app.test_client())


@in_table(TABLE)
def test_every_role_gets_the_status_of_the_table(make_shared_app, make_client, finished_grading, built_client, row):
    method, path, *cells = row
    app = make_shared_app(CLIENT_DIR=built_client)
    assert World(app, client=make_client(app)).row(method, path) == dict(zip(CALLERS, cells, strict=True))


@in_table(PRIVATE_SCORES)
def test_private_scores_need_a_token(make_shared_app, make_client, finished_grading, row):
    method, path, *cells = row
    app = make_shared_app(SCORES_PUBLIC=False)
    assert World(app, client=make_client(app)).row(method, path) == dict(zip(CALLERS, cells, strict=True))


@pytest.fixture(scope="module")
def users_service():
    with StubUsersService() as service:
        yield service


@in_table("\n".join([*(" ".join(row) for row in rows_of(TABLE) if not row[1].startswith(OF_OWN_USERS)), USERS_SERVICE]))
def test_the_users_service_decides_the_role(make_shared_app, finished_grading, built_client, users_service, row):
    method, path, *cells = row
    world = World(make_shared_app(USERS_SERVICE_URL=users_service.url, CLIENT_DIR=built_client), users_service)
    assert world.row(method, path) == dict(zip(CALLERS, cells, strict=True))


def test_no_route_is_missing_from_the_table(make_app, built_client):
    app = make_app(CLIENT_DIR=built_client)
    adapter = app.url_map.bind("localhost")
    paths = [(method, NAMES.sub("1", path).partition("#")[0].partition("?")[0]) for method, path, *_ in rows_of(TABLE)]
    known = {(method, adapter.match(path, method)[0]) for method, path in paths}
    rules = app.url_map.iter_rules()
    served = {(method, rule.endpoint) for rule in rules for method in rule.methods - {"HEAD", "OPTIONS"}}
    assert served - known == set()


def test_no_hot_route_is_missing_from_the_table(app, make_front):
    known = {
        (method, re.sub(r"{\w+}", "#", path.partition("#")[0].partition("?")[0])) for method, path, *_ in rows_of(TABLE)
    }
    assert set(make_front(app).front.hot_routes) - known == set()
