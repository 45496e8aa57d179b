from dataclasses import dataclass

import pytest
from flask import request_started
from werkzeug.test import Client


@dataclass
class Path:
    """A client of an application's front, and the requests that Flask has processed."""

    client: Client
    flask_requests: list

    def send(self, *arguments, **options):
        """Send a request; return its response, and whether it came from Flask."""
        before = len(self.flask_requests)
        response = self.client.open(*arguments, **options)
        return response, len(self.flask_requests) > before


@pytest.fixture
def make_path(make_app, make_front):
    """Make an application and its front: `make_path(HOT_PATH=False)`."""
    receivers = []

    def make(**settings):
        app, flask_requests = make_app(**settings), []

        def record(*_, **__):
            flask_requests.append(1)

        request_started.connect(record, app)
        receivers.append(record)  # blinker keeps only a weak reference
        return Path(make_front(app), flask_requests)

    return make
