"""One event stream: what it sends, and when it ends."""

import pytest

from project.api.events import stream as module
from project.api.events.stream import HEARTBEAT, MAX_QUEUED, EventStream
from project.api.events.topics import Topic

LONG = 3600
RETRY = b"retry: 2000\n\n"


@pytest.fixture
def left():
    return []


def make(left, seconds=LONG):
    return EventStream(1, frozenset(Topic), seconds, left.append)


def submission(id_, state, verdict=None):
    return {"id": id_, "user_id": 1, "exercise_id": 3, "state": state, "verdict": verdict}


def test_an_event_has_an_id_a_name_and_json(left):
    stream = make(left)
    stream.send("leaderboard", {}, 7)
    assert [next(stream), next(stream)] == [RETRY, b"id: 7\nevent: leaderboard\ndata: {}\n\n"]


def test_a_submission_is_sent_once_for_each_state(left):
    stream = make(left, seconds=0)
    stream.send_submissions([submission(5, "running")], 1)
    stream.send_submissions([submission(5, "running")], 2)
    stream.send_submissions([submission(5, "done", "accepted"), submission(6, "queued")], 3)
    assert list(stream) == [
        RETRY,
        b'id: 1\nevent: submission\ndata: {"id":5,"exercise_id":3,"state":"running","verdict":null}\n\n',
        b'id: 3\nevent: submission\ndata: {"id":5,"exercise_id":3,"state":"done","verdict":"accepted"}\n\n',
        b'id: 3\nevent: submission\ndata: {"id":6,"exercise_id":3,"state":"queued","verdict":null}\n\n',
    ]


def test_a_stream_without_events_sends_heartbeats(left, monkeypatch):
    monkeypatch.setattr(module, "HEARTBEAT_SECONDS", 0.01)
    stream = make(left)
    assert [next(stream) for _ in range(3)] == [RETRY, HEARTBEAT, HEARTBEAT]


def test_an_ended_stream_sends_what_is_queued(left):
    stream = make(left)
    stream.send("leaderboard", {}, 7)
    stream.end()
    assert len(list(stream)) == 2


def test_a_stream_whose_client_reads_nothing_ends_when_its_queue_is_full(left):
    stream = make(left)
    for number in range(2 * MAX_QUEUED):
        stream.send("leaderboard", {}, number)
    assert stream.is_over
    assert len(list(stream)) == MAX_QUEUED


def test_a_closed_stream_leaves_the_hub(left):
    stream = make(left)
    stream.close()
    assert left == [stream]
    assert list(stream) == [RETRY]
