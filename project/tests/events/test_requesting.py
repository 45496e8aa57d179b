"""GET /events: who may follow what. Each stream here ends as soon as it has sent what is queued."""

import pytest

from project.api.submissions.models import Submission
from project.extensions import db


@pytest.fixture
def read_stream(make_app, learner):
    """Read a stream to its end: `read_stream("?topics=leaderboard")`."""
    app = make_app(EVENT_STREAM_SECONDS=0)

    def get(query="", headers=learner.headers, **more):
        # Buffered, so that the client closes the stream, and its hub stops polling.
        return app.test_client().get(f"/events{query}", headers={**headers, **more}, buffered=True)

    return get


@pytest.fixture
def submit(app):
    """Add a submission that has just ended."""

    def add(user, verdict="accepted"):
        with app.app_context():
            of = {"user_id": user.id, "exercise_id": 8, "exercise_version": 1, "language": "python", "answer": "x"}
            one = Submission(**of, state="done", verdict=verdict, finished_at=db.func.now())
            db.session.add(one)
            db.session.commit()
            return one.id

    return add


def test_a_stream_begins_with_the_time_to_come_back(read_stream):
    answer = read_stream()
    assert (answer.status_code, answer.mimetype) == (200, "text/event-stream")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text == "retry: 2000\n\n"


def test_events_need_a_token(read_stream):
    assert read_stream(headers={}).status_code == 403
    assert read_stream(Authorization="Bearer nonsense").status_code == 401


@pytest.mark.parametrize("topics", ["", "scores", "leaderboard,", "leaderboard, submissions", "Leaderboard"])
def test_an_unknown_topic_is_refused(read_stream, topics):
    answer = read_stream(f"?topics={topics}")
    assert (answer.status_code, list(answer.json["errors"])) == (400, ["topics"])


@pytest.mark.parametrize("topics", ["leaderboard", "submissions", "submissions,leaderboard", "leaderboard,leaderboard"])
def test_topics_may_be_chosen(read_stream, topics):
    assert read_stream(f"?topics={topics}").status_code == 200


@pytest.mark.parametrize("number", ["x", "-1", "1.5", "9" * 17])
def test_a_number_that_no_event_has_is_refused(read_stream, number):
    answer = read_stream(**{"Last-Event-ID": number})
    assert (answer.status_code, list(answer.json["errors"])) == (400, ["Last-Event-ID"])


def test_a_client_that_reconnects_gets_its_own_missed_events(read_stream, submit, learner, other):
    mine, again = submit(learner), submit(learner, "wrong_answer")
    submit(other)
    text = read_stream(**{"Last-Event-ID": "1"}).text
    assert [line for line in text.splitlines() if line.startswith("data")] == [
        f'data: {{"id":{mine},"exercise_id":8,"state":"done","verdict":"accepted"}}',
        f'data: {{"id":{again},"exercise_id":8,"state":"done","verdict":"wrong_answer"}}',
    ]


def test_the_topic_leaderboard_has_no_events_of_submissions(read_stream, submit, learner):
    submit(learner)
    assert "data" not in read_stream("?topics=leaderboard", **{"Last-Event-ID": "1"}).text


def test_events_before_the_last_one_are_not_sent_again(read_stream, submit, learner, rows):
    submit(learner)
    ((later,),) = [row.values() for row in rows("SELECT CAST(extract(epoch FROM now()) * 1e6 AS bigint) + 60000000")]
    assert "data" not in read_stream(**{"Last-Event-ID": str(later)}).text


def test_without_a_free_stream_the_response_has_retry_after(make_app, learner):
    answer = make_app(EVENT_STREAMS=0).test_client().get("/events", headers=learner.headers)
    assert (answer.status_code, answer.json["status"]) == (503, "error")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_head_request_needs_no_stream(make_app, learner):
    client = make_app(EVENT_STREAMS=0).test_client()
    answer = client.head("/events", headers=learner.headers)
    assert (answer.status_code, answer.mimetype) == (200, "text/event-stream")


def test_without_a_database_events_are_unavailable(offline, learner):
    assert offline.get("/events", headers=learner.headers).status_code == 503
