"""GET /events: who may follow what. Each stream here ends as soon as it has told what is waiting."""

import pytest

from project.api.submissions.models import Submission
from project.extensions import db


@pytest.fixture
def ask(make_app, learner):
    """Read a whole stream: `ask("?topics=leaderboard")`."""
    app = make_app(EVENT_STREAM_SECONDS=0)

    def get(query="", headers=learner.headers, **more):
        return app.test_client().get(f"/events{query}", headers={**headers, **more})

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


def test_a_stream_begins_with_the_time_to_come_back(ask):
    answer = ask()
    assert (answer.status_code, answer.mimetype) == (200, "text/event-stream")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text == "retry: 2000\n\n"


def test_events_need_a_token(ask):
    assert ask(headers={}).status_code == 403
    assert ask(Authorization="Bearer nonsense").status_code == 401


@pytest.mark.parametrize("topics", ["", "scores", "leaderboard,", "leaderboard, submissions", "Leaderboard"])
def test_an_unknown_topic_is_refused(ask, topics):
    answer = ask(f"?topics={topics}")
    assert (answer.status_code, list(answer.json["errors"])) == (400, ["topics"])


@pytest.mark.parametrize("topics", ["leaderboard", "submissions", "submissions,leaderboard", "leaderboard,leaderboard"])
def test_topics_may_be_chosen(ask, topics):
    assert ask(f"?topics={topics}").status_code == 200


@pytest.mark.parametrize("number", ["x", "-1", "1.5", "9" * 17])
def test_a_number_that_no_event_has_is_refused(ask, number):
    answer = ask(**{"Last-Event-ID": number})
    assert (answer.status_code, list(answer.json["errors"])) == (400, ["Last-Event-ID"])


def test_who_comes_back_hears_what_he_has_missed_of_his_own(ask, submit, learner, other):
    mine, again = submit(learner), submit(learner, "wrong_answer")
    submit(other)
    heard = ask(**{"Last-Event-ID": "1"}).text
    assert [line for line in heard.splitlines() if line.startswith("data")] == [
        f'data: {{"id":{mine},"exercise_id":8,"state":"done","verdict":"accepted"}}',
        f'data: {{"id":{again},"exercise_id":8,"state":"done","verdict":"wrong_answer"}}',
    ]


def test_who_follows_the_leaderboard_hears_of_no_submission(ask, submit, learner):
    submit(learner)
    assert "data" not in ask("?topics=leaderboard", **{"Last-Event-ID": "1"}).text


def test_what_ended_before_the_last_event_is_not_told_again(ask, submit, learner, rows):
    submit(learner)
    ((later,),) = [row.values() for row in rows("SELECT CAST(extract(epoch FROM now()) * 1e6 AS bigint) + 60000000")]
    assert "data" not in ask(**{"Last-Event-ID": str(later)}).text


def test_who_finds_all_streams_taken_is_told_to_come_back(make_app, learner):
    answer = make_app(EVENT_STREAMS=0).test_client().get("/events", headers=learner.headers)
    assert (answer.status_code, answer.json["status"]) == (503, "error")
    assert int(answer.headers["Retry-After"]) > 0


def test_asking_for_the_headers_takes_no_stream(make_app, learner):
    client = make_app(EVENT_STREAMS=0).test_client()
    answer = client.head("/events", headers=learner.headers)
    assert (answer.status_code, answer.mimetype) == (200, "text/event-stream")


def test_without_a_database_there_is_a_sentence(offline, learner):
    assert offline.get("/events", headers=learner.headers).status_code in {401, 503}
