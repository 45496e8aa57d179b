import datetime as dt

import pytest
import sqlalchemy as sa

from project import db
from project.api.scores.models import Score
from project.tests.scores.test_reading import no_ids

ADDED = (201, "success", "New score was added!")
UPDATED = (200, "success", "Score was updated!")
EXISTS = (400, "fail", "Sorry. That score already exists. Please update with a PUT request.")
MISSING = (400, "fail", "Sorry. That score does not exist.")
INVALID = (400, "fail", "Invalid payload.")

WRITES = [("POST", "/scores"), ("PUT", "/scores/1"), ("PATCH", "/scores"), ("PATCH", "/scores/1")]
BODY = {"exercise_id": 7, "correct": True}


def outcome(answer):
    return answer.status_code, answer.json["status"], answer.json["message"]


@pytest.fixture
def write(client):
    """Write a score: `write("POST", "/scores", learner, correct=False)`."""

    def send(method, address, member, **fields):
        return client.open(address, method=method, json=BODY | fields, headers=member.headers)

    return send


@pytest.fixture
def scores(rows):
    """All rows of scores."""
    return lambda: rows("SELECT * FROM scores ORDER BY id")


@pytest.mark.parametrize(("method", "address"), WRITES)
def test_writing_needs_a_valid_token(client, scores, method, address):
    before = scores()
    refused = client.open(address, method=method, json=BODY)
    assert outcome(refused) == (403, "error", "Provide a valid auth token.")
    refused = client.open(address, method=method, json=BODY, headers={"Authorization": "Bearer nonsense"})
    assert outcome(refused) == (401, "error", "Invalid token.")
    assert scores() == before


@pytest.mark.parametrize(("method", "address"), WRITES)
def test_an_invalid_payload_writes_nothing(client, learner, scores, method, address):
    before = scores()
    for wrong in ({}, {"exercise_id": 7}, {"correct": True}, {"exercise_id": "7", "correct": "true"}):
        answer = client.open(address, method=method, json=wrong, headers=learner.headers)
        assert outcome(answer) == INVALID
        assert set(answer.json["errors"]) == {field for field in BODY if wrong.get(field) != BODY[field]}
    assert scores() == before


@pytest.mark.parametrize(("method", "address"), [("POST", "/scores"), ("PATCH", "/scores"), ("PATCH", "/scores/1")])
@pytest.mark.parametrize("correct", [True, False])
def test_a_new_score_is_added(client, write, learner, method, address, correct):
    answer = write(method, address, learner, correct=correct)
    assert outcome(answer) == ADDED
    data = answer.json["data"]
    assert data.items() >= {"user_id": learner.id, "exercise_id": 7, "correct": correct}.items()
    assert client.get(f"/scores/{data['id']}").json["data"] == data


def test_an_exercise_need_not_be_known(write, learner):
    for exercise_id in (-(2**63), -1, 0, 2**63 - 1):
        assert write("POST", "/scores", learner, exercise_id=exercise_id).json["data"]["exercise_id"] == exercise_id


def test_a_score_cannot_be_added_twice(write, learner, scores):
    write("POST", "/scores", learner)
    before = scores()
    assert outcome(write("POST", "/scores", learner, correct=False)) == EXISTS
    assert scores() == before


def test_a_score_exists_for_one_user_and_exercise_only(write, learner, other):
    ids = [
        write("POST", "/scores", member, exercise_id=exercise_id).json["data"]["id"]
        for member in (learner, other)
        for exercise_id in (7, 8)
    ]
    assert len(set(ids)) == 4


@pytest.mark.parametrize(("method", "address"), [("PUT", "/scores/{}"), ("PATCH", "/scores"), ("PATCH", "/scores/{}")])
def test_a_score_is_updated(client, write, learner, other, rows, method, address):
    write("POST", "/scores", other)
    old = write("POST", "/scores", learner).json["data"]
    others = "SELECT * FROM scores WHERE id <> :id ORDER BY id"
    before = rows(others, id=old["id"])
    answer = write(method, address.format(old["id"]), learner, correct=False)
    assert outcome(answer) == UPDATED
    new = answer.json["data"]
    assert new == old | {"correct": False, "updated_at": new["updated_at"]}
    assert client.get(f"/scores/{old['id']}").json["data"] == new
    assert rows(others, id=old["id"]) == before


def test_a_score_that_does_not_exist_cannot_be_put(write, learner, scores):
    mine = write("POST", "/scores", learner).json["data"]["id"]
    before = scores()
    for score_id in no_ids(mine):
        assert outcome(write("PUT", f"/scores/{score_id}", learner)) == MISSING, score_id
    assert scores() == before


def test_a_score_cannot_be_moved_to_another_exercise(write, learner, scores):
    score_id = write("POST", "/scores", learner).json["data"]["id"]
    before = scores()
    assert outcome(write("PUT", f"/scores/{score_id}", learner, exercise_id=8)) == MISSING
    assert scores() == before


@pytest.mark.parametrize("writer", ["other", "grader", "admin"])
def test_put_without_user_id_changes_the_callers_score(write, request, learner, scores, writer):
    score_id = write("POST", "/scores", learner).json["data"]["id"]
    before = scores()
    assert outcome(write("PUT", f"/scores/{score_id}", request.getfixturevalue(writer), correct=False)) == MISSING
    assert scores() == before


def test_patch_at_the_address_of_anothers_score_does_not_change_it(write, learner, other, rows):
    theirs = write("POST", "/scores", other).json["data"]
    answer = write("PATCH", f"/scores/{theirs['id']}", learner, correct=False)
    assert outcome(answer) == ADDED
    assert answer.json["data"]["user_id"] == learner.id
    kept = rows("SELECT correct, updated_at FROM scores WHERE id = :id", id=theirs["id"])
    assert kept == [{"correct": True, "updated_at": dt.datetime.fromisoformat(theirs["updated_at"])}]


def test_a_payload_cannot_set_the_fields_that_the_service_sets(write, learner):
    fields = {
        "id": 2**40,
        "source": "graded",
        "created_at": "2001-01-01T00:00:00+00:00",
        "recorded_by": 3,
        "change_id": 1,
    }
    data = write("POST", "/scores", learner, **fields).json["data"]
    assert data["id"] != 2**40
    assert data["source"] == "self_reported"
    assert not data["created_at"].startswith("2001")


def test_the_database_sets_created_at(write, learner, rows):
    before = rows("SELECT clock_timestamp() AS now")[0]["now"]
    added = write("POST", "/scores", learner).json["data"]
    between = rows("SELECT clock_timestamp() AS now")[0]["now"]
    changed = write("PATCH", "/scores", learner).json["data"]
    after = rows("SELECT clock_timestamp() AS now")[0]["now"]
    assert added["created_at"] == added["updated_at"] == changed["created_at"]
    assert added["created_at"].endswith("+00:00")
    assert changed["updated_at"].endswith("+00:00")
    times = [dt.datetime.fromisoformat(text) for text in (added["created_at"], changed["updated_at"])]
    assert before <= times[0] <= between <= times[1] <= after


def test_every_update_sets_updated_at_also_one_with_the_same_value(write, learner):
    first = write("POST", "/scores", learner).json["data"]
    address = f"/scores/{first['id']}"
    later = [write(method, address, learner).json["data"] for method in ("PUT", "PATCH", "PUT", "PATCH")]
    moments = [score["updated_at"] for score in (first, *later)]
    assert moments == sorted(set(moments))
    assert {score["created_at"] for score in later} == {first["created_at"]}


def by_orm(score_id):
    db.session.get_one(Score, score_id).correct = False


def by_sql(score_id):
    db.session.execute(sa.text("UPDATE scores SET correct = false WHERE id = :id"), {"id": score_id})


def by_sql_that_lies(score_id):
    statement = sa.text("UPDATE scores SET correct = false, updated_at = '2001-01-01' WHERE id = :id")
    db.session.execute(statement, {"id": score_id})


@pytest.mark.parametrize("update", [by_orm, by_sql, by_sql_that_lies])
def test_an_update_outside_the_api_sets_updated_at(app, client, write, learner, update):
    old = write("POST", "/scores", learner).json["data"]
    with app.app_context():
        update(old["id"])
        db.session.commit()
    new = client.get(f"/scores/{old['id']}").json["data"]
    assert (new["correct"], new["created_at"]) == (False, old["created_at"])
    assert new["updated_at"] > old["updated_at"]


def test_an_updated_object_has_the_values_that_the_database_set(app, learner):
    with app.app_context():
        score = Score(learner.id, 7, True)
        db.session.add(score)
        db.session.commit()
        added = score.updated_at
        score.correct = False
        db.session.commit()
        assert score.updated_at > added
        assert score.updated_at.utcoffset() == dt.timedelta(0)
        assert score.source == "override"
