"""Texts of old submissions are deleted, and nothing else of them."""

import dataclasses

import pytest

from project.api.submissions import retention, tasks
from project.api.submissions.retention import DELETED, OldTexts
from project.judging.diagnostics import Diagnostic, Severity
from project.tests.servers import wait_for
from project.tests.submissions.conftest import judgement
from project.tests.submissions.workers import running_worker

TEXTS = {
    "output": "printed",
    "error": "raised",
    "actual": "5",
    "expected": "6",
    "tests": [{"name": "test", "outcome": "failed", "message": "5 != 6"}],
}
EMPTY: dict[str, object] = {"output": DELETED, "error": "", "actual": None, "expected": None, "tests": []}
AGE = "UPDATE submissions SET finished_at = finished_at - make_interval(days => :days) WHERE id = :id"


@pytest.fixture
def graded(hand_in, record, change, exercise_id, learner):
    """Grade an answer with texts that was finished some days ago, and return its id."""

    def do(days):
        handed = hand_in(learner.id, exercise_id)
        found = judgement(3)
        cases = (dataclasses.replace(found.cases[0], **TEXTS),)
        diagnostics = (Diagnostic("main.c", 1, None, Severity.WARNING, "unused variable 'secret'"),)
        assert record(handed.claimed, dataclasses.replace(found, cases=cases, diagnostics=diagnostics))
        change(AGE, id=handed.id, days=days)
        return handed.id

    return do


@pytest.fixture
def submission(rows):
    return lambda number: rows("SELECT * FROM submissions WHERE id = :id", id=number)[0]


@pytest.fixture
def sweeping(make_app):
    """Sweep with a setting, as a worker does: `sweeping(30)` returns a function that says how many it changed."""

    def make(days):
        app, old = make_app(SUBMISSION_TEXT_DAYS=days), OldTexts()

        def sweep():
            with app.app_context():
                return tasks.delete_old_texts(old)

        return sweep

    return make


def texts(row):
    return {name: row["cases"][0][name] for name in TEXTS}


def test_texts_are_deleted_and_all_else_stays(graded, submission, sweeping, score_of, learner, exercise_id):
    old, young = graded(40), graded(20)
    before, score = submission(old), score_of(learner.id, exercise_id)
    assert sweeping(30)() == 1
    after = submission(old)
    assert texts(after) == EMPTY
    assert texts(submission(young)) == TEXTS
    assert {name for name in after if after[name] != before[name]} == {"cases", "diagnostics"}
    assert after["diagnostics"] == []
    kept = {name for name in after["cases"][0] if name not in TEXTS}
    assert all(after["cases"][0][name] == before["cases"][0][name] for name in kept)
    assert score_of(learner.id, exercise_id) == score


def test_messages_of_a_compiler_are_deleted_where_there_is_no_other_text(graded, submission, sweeping, change):
    number = graded(40)
    change("UPDATE submissions SET cases = '[]' WHERE id = :id", id=number)
    assert sweeping(30)() == 1
    assert submission(number)["diagnostics"] == []
    assert sweeping(30)() == 0


def test_texts_are_kept_by_default(graded, submission, sweeping):
    number = graded(30_000)
    assert sweeping(0)() == 0
    assert texts(submission(number)) == TEXTS


def test_batches_are_small_and_nothing_is_deleted_twice(graded, sweeping, monkeypatch):
    for days in range(40, 45):
        graded(days)
    monkeypatch.setattr(retention, "_DELETE", retention.sa.text(retention._DELETE.text.replace("LIMIT 500", "LIMIT 2")))  # noqa: SLF001
    sweep = sweeping(30)
    assert [sweep() for _ in range(6)] == [2, 1, 1, 1, 0, 0]  # each batch begins with the last one of that before
    assert sweeping(30)() == 0


def test_submissions_that_become_old_later_are_found(graded, sweeping, change):
    sweep = sweeping(30)
    graded(40)
    number = graded(20)
    assert sweep() == 1
    change(AGE, id=number, days=15)
    assert sweep() == 1


def test_one_without_cases_is_left_alone(graded, sweeping, change):
    number = graded(40)
    change("UPDATE submissions SET cases = NULL, verdict = 'sandbox_error' WHERE id = :id", id=number)
    assert sweeping(30)() == 0


def test_a_worker_deletes_them(app, graded, submission, tmp_path):
    number = graded(40)
    settings = {"DATABASE_TEST_URL": app.config["SQLALCHEMY_DATABASE_URI"], "SUBMISSION_TEXT_DAYS": "30"}
    with running_worker(tmp_path / "workers", **settings):
        wait_for(lambda: texts(submission(number)) == EMPTY, "the texts to be deleted")


def test_learners_read_the_rest(client, graded, sweeping, learner):
    number = graded(40)
    sweeping(30)()
    (case,) = client.get(f"/submissions/{number}", headers=learner.headers).json["data"]["cases"]
    assert (case["output"], case["verdict"], case["actual"]) == (DELETED, "wrong_answer", None)
