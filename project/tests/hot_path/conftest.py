from contextlib import ExitStack, closing
from dataclasses import dataclass

import pytest
from flask import request_started
from werkzeug.test import Client

from project.postgres.database import dispose_all
from project.tests.conftest import new_app
from project.tests.front.rsgi_client import FrontClient


@dataclass
class Path:
    """A client of an application's front, and the requests that Flask has processed."""

    client: Client
    flask_requests: list

    def __post_init__(self):
        request_started.connect(self._record, self.client.application)

    def _record(self, *_, **__):
        self.flask_requests.append(1)

    def send(self, *arguments, **options):
        """Send a request; return its response, and whether it came from Flask."""
        before = len(self.flask_requests)
        response = self.client.open(*arguments, **options)
        return response, len(self.flask_requests) > before


@pytest.fixture(scope="module")
def paths():
    """Keep the paths of a module, by their settings: an application and its front start slower than most tests run."""
    found = {}
    with ExitStack() as clients:
        clients.callback(dispose_all)
        yield found
        for path in found.values():
            clients.enter_context(closing(path.client))


@pytest.fixture
def make_path(shared_app, database, paths):
    """Return the path of an application with these settings: `make_path(HOT_PATH=False)`."""

    def make(**settings):
        key = repr(sorted(settings.items()))
        if key not in paths:
            paths[key] = Path(FrontClient(new_app(shared_app, settings)), [])
        return paths[key]

    return make


@pytest.fixture
def make_own_path(shared_app, database):
    """Return the path of an application that no other test uses, for a test that changes how applications are made."""
    with ExitStack() as clients:
        clients.callback(dispose_all)

        def make(**settings):
            return Path(clients.enter_context(closing(FrontClient(new_app(shared_app, settings)))), [])

        yield make
