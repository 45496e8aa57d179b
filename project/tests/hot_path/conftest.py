from dataclasses import dataclass

import pytest
from flask import request_started
from werkzeug.test import Client


@dataclass
class Path:
    """A client of an application's front, and how many of its requests Flask has seen."""

    client: Client
    seen: list

    def answered_by_flask(self, *arguments, **options):
        """Send a request; return its answer, and whether Flask gave it."""
        before = len(self.seen)
        answer = self.client.open(*arguments, **options)
        return answer, len(self.seen) > before


@pytest.fixture
def make_path(make_app, make_front):
    """Make an application and its front: `make_path(HOT_PATH=False)`."""
    signals = []

    def make(**settings):
        app, seen = make_app(**settings), []

        def see(*_, **__):
            seen.append(1)

        request_started.connect(see, app)
        signals.append(see)  # blinker keeps only a weak reference
        return Path(make_front(app), seen)

    return make
