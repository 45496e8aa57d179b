"""GET /exercises/ID/stats/verdicts: how the latest submissions ended, and which cases are hard."""

import pytest

from project.api.statistics import queries
from project.api.submissions.models import Submission
from project.extensions import db


@pytest.fixture
def submit(app, graded_exercise):
    """Add a graded submission: `submit("wrong_answer", sum="wrong_answer", more="not_run")`."""

    def add(verdict, *, hidden=(), state="done", **cases):
        judged = [{"name": name, "verdict": how, "hidden": name in hidden} for name, how in cases.items()]
        of = {"user_id": 1, "exercise_id": graded_exercise, "exercise_version": 1, "language": "python", "answer": "x"}
        with app.app_context():
            db.session.add(Submission(**of, state=state, verdict=verdict, cases=judged or None))
            db.session.commit()

    return add


@pytest.fixture
def read(client, grader, graded_exercise):
    return lambda: client.get(f"/exercises/{graded_exercise}/stats/verdicts", headers=grader.headers).json["data"]


def test_verdicts_are_counted_and_the_hardest_case_comes_first(submit, read, graded_exercise):
    submit("accepted", easy="accepted", hard="accepted")
    submit("wrong_answer", easy="accepted", hard="wrong_answer", hidden=["hard"])
    submit("wrong_answer", easy="accepted", hard="time_limit", hidden=["hard"])
    submit("syntax_error", easy="syntax_error", hard="not_run", hidden=["hard"])
    assert read() == {
        "exercise_id": graded_exercise,
        "submissions": 4,
        "verdicts": {"accepted": 1, "wrong_answer": 2, "syntax_error": 1},
        "cases": [
            {"name": "hard", "hidden": True, "submissions": 3, "failed": 2, "failure_rate": pytest.approx(2 / 3)},
            {"name": "easy", "hidden": False, "submissions": 4, "failed": 1, "failure_rate": 0.25},
        ],
    }


def test_submissions_that_were_never_graded_do_not_count(submit, read):
    submit("sandbox_error")
    submit(None, state="queued")
    assert (read()["submissions"], read()["verdicts"], read()["cases"]) == (0, {}, [])


def test_only_the_latest_submissions_count(submit, read, change):
    submit("wrong_answer", old="wrong_answer")
    change(
        "INSERT INTO submissions (user_id, exercise_id, exercise_version, language, answer, state, verdict)"
        " SELECT user_id, exercise_id, 1, 'python', 'x', 'done', 'accepted'"
        " FROM submissions, generate_series(1, :n) WHERE cases IS NOT NULL",
        n=queries.LATEST,
    )
    assert read() == {**read(), "submissions": queries.LATEST, "verdicts": {"accepted": queries.LATEST}, "cases": []}


def test_an_unknown_exercise_has_no_verdicts(client, grader):
    for unknown in ("987654", "x", str(2**63)):
        answer = client.get(f"/exercises/{unknown}/stats/verdicts", headers=grader.headers)
        assert (answer.status_code, answer.json["message"]) == (404, "Exercise does not exist")


def test_learners_may_not_read_the_verdicts_of_cases(client, learner, admin, graded_exercise):
    address = f"/exercises/{graded_exercise}/stats/verdicts"
    assert client.get(address).status_code == 403
    assert client.get(address, headers=learner.headers).status_code == 401
    assert client.get(address, headers=admin.headers).status_code == 200
