"""Bodies that come slowly, and bodies that nobody reads."""

import io
import threading

import pytest

from project import bodies
from project.bodies import DRAINED_BYTES, DRAINS, FIRST_BYTES, Body
from project.errors import BodyTooSlow
from project.tests.servers import wait_for


@pytest.fixture
def clock(monkeypatch):
    """Let the time be what the test says."""
    now = [0.0]
    monkeypatch.setattr(bodies.time, "monotonic", lambda: now[0])
    return now


class Drip:
    """A stream that takes a second for each byte."""

    def __init__(self, clock):
        self.clock, self.asked = clock, []

    def read(self, size):
        self.asked.append(size)
        self.clock[0] += size
        return b"x" * size


def test_a_body_that_is_there_is_read_whole():
    text = bytes(range(256)) * 1000
    body = Body(io.BytesIO(text), len(text), 15)
    assert body.read_whole(len(text)) == text
    assert body.read() == b""


def test_a_body_without_a_length_is_read_to_its_end():
    body = Body(io.BytesIO(b"x" * 1000), None, 15)
    assert b"".join(iter(body.read, b"")) == b"x" * 1000


def test_a_body_that_drips_is_refused_soon_after_its_time(clock):
    drip = Drip(clock)
    with pytest.raises(BodyTooSlow):
        Body(drip, 1_000_000, 15).read_whole(1_000_000)
    assert clock[0] < 15 + FIRST_BYTES
    assert set(drip.asked) == {FIRST_BYTES}


def test_who_takes_the_time_himself_may_wait(clock):
    body = Body(Drip(clock), None, 15)
    body.wait()
    assert len(body.read_whole(1000)) == 1000


def test_what_nobody_read_is_drained():
    text = io.BytesIO(b"x" * 100_000)
    Body(text, 100_000, 15).drain()
    assert text.read() == b""


def test_what_never_ends_is_not_drained_for_ever():
    endless = io.BytesIO(b"x" * (DRAINED_BYTES + 1_000_000))
    Body(endless, None, 15).drain()
    assert endless.read() != b""


def test_a_client_that_sends_nothing_holds_no_request_and_few_threads(monkeypatch):
    monkeypatch.setattr(bodies, "DRAIN_SECONDS", 0.01)
    goes, waiting = threading.Event(), []

    class Silent:
        def read(self, size):
            waiting.append(size)
            goes.wait()
            return b""

    try:
        for _ in range(DRAINS + 5):
            Body(Silent(), 100, 15).drain()
        assert len(waiting) == DRAINS
    finally:
        goes.set()
    wait_for(lambda: all(thread.name != "drain" for thread in threading.enumerate()), "the threads to end")
    text = io.BytesIO(b"x" * 100)
    Body(text, 100, 15).drain()
    assert text.read() == b""


@pytest.mark.parametrize("settings", [{}, {"HOT_PATH": False}])
def test_a_slow_body_is_a_408_on_both_paths(settings, learner, make_app, clock):
    app = make_app(BODY_SECONDS=15, **settings)
    environ = {"wsgi.input": Drip(clock), "wsgi.input_terminated": True, "CONTENT_LENGTH": "40"}
    answer = app.test_client().patch(
        "/scores", headers=learner.headers, content_type="application/json", environ_overrides=environ
    )
    assert (answer.status_code, answer.json["message"]) == (408, "The body did not come in time.")
