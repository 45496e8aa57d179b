import datetime as dt

import pytest

from project import db
from project.api.scores.models import Score
from project.tests.conftest import NOISE_USER

KEYS = {"id", "user_id", "exercise_id", "correct", "created_at", "updated_at"}

UNKNOWN = (404, "fail", "Score does not exist")


def no_ids(row_id):
    """Return texts that are no id: some would name the row if they were read too kindly."""
    near = ["{}x", "{}.0", "{}.", "-{}", "+{}", "{}_", "{}e0", "%20{}", "{}%00", "{}%0a", "{},", "0_{}"]
    digits = ["٠١٢٣٤٥٦٧٨٩", "".join(chr(0xFF10 + number) for number in range(10))]
    other_scripts = [str(row_id).translate(str.maketrans("0123456789", script)) for script in digits]
    nobodys = [
        "0",
        "-0",
        "x",
        "²",
        "%ff",
        "1" * 5000,
        *map(str, (2**63 - 1, 2**63, 2**64, row_id + 2**63, row_id + 2**64)),
    ]
    return [*(text.format(row_id) for text in near), *other_scripts, *nobodys]


def outcome(answer):
    return answer.status_code, answer.json["status"], answer.json.get("message")


@pytest.fixture
def add_score(app):
    """Add a score at the database: `add_score(learner)` returns its id."""

    def add(member, exercise_id=7):
        with app.app_context():
            score = Score(member.id, exercise_id, True)
            db.session.add(score)
            db.session.commit()
            return score.id

    return add


def test_everyone_may_list_all_scores_by_id(client, learner, add_score, rows):
    added = add_score(learner)
    answer = client.get("/scores")
    assert outcome(answer) == (200, "success", None)
    scores = answer.json["data"]["scores"]
    assert [score["id"] for score in scores] == [row["id"] for row in rows("SELECT id FROM scores ORDER BY id")]
    assert scores[-1]["id"] == added
    assert all(set(score) >= KEYS for score in scores)


def test_everyone_may_read_a_score(client, learner, add_score):
    score_id = add_score(learner)
    answer = client.get(f"/scores/{score_id}")
    assert outcome(answer) == (200, "success", None)
    assert set(answer.json["data"]) >= KEYS
    wanted = {"id": score_id, "user_id": learner.id, "exercise_id": 7, "correct": True}
    assert answer.json["data"].items() >= wanted.items()


@pytest.mark.parametrize("address", ["/scores/{}", "/scores/user/{}", "/scores/{}/history"])
def test_an_id_that_no_score_has_is_not_found(client, admin, add_score, address):
    score_id = add_score(admin)
    assert client.get(address.format(score_id), headers=admin.headers).status_code == 200
    answers = {text: client.get(address.format(text), headers=admin.headers) for text in no_ids(score_id)}
    assert {text: outcome(answer) for text, answer in answers.items() if outcome(answer) != UNKNOWN} == {}


def test_a_learner_lists_only_their_own_scores(client, learner, other, add_score):
    mine = [add_score(learner, 1), add_score(learner, 2)]
    add_score(other, 1)
    answer = client.get("/scores/user", headers=learner.headers)
    assert outcome(answer) == (200, "success", None)
    assert [score["id"] for score in answer.json["data"]["scores"]] == mine


def test_a_learner_without_scores_lists_none(client, learner):
    assert client.get("/scores/user", headers=learner.headers).json["data"]["scores"] == []


def test_the_list_of_own_scores_ignores_another_user_id(client, learner, other, add_score):
    add_score(other)
    answer = client.get(f"/scores/user?user_id={other.id}", headers=learner.headers)
    assert answer.json["data"]["scores"] == []


def test_a_learner_reads_their_own_score(client, learner, add_score):
    score_id = add_score(learner)
    answer = client.get(f"/scores/user/{score_id}", headers=learner.headers)
    assert outcome(answer) == (200, "success", None)
    assert answer.json["data"] == client.get(f"/scores/{score_id}").json["data"]


@pytest.mark.parametrize("reader", ["other", "grader", "admin"])
def test_a_learner_does_not_find_the_score_of_another_user(client, request, learner, add_score, reader):
    headers = request.getfixturevalue(reader).headers
    assert outcome(client.get(f"/scores/user/{add_score(learner)}", headers=headers)) == UNKNOWN


@pytest.mark.parametrize("address", ["/scores/user", "/scores/user/1", "/scores/user/x", "/scores/1/history"])
def test_reading_own_scores_needs_a_valid_token(client, address):
    assert outcome(client.get(address)) == (403, "error", "Provide a valid auth token.")
    for header in ("Bearer nonsense", "Bearer", "Basic eDp5", ""):
        answer = client.get(address, headers={"Authorization": header})
        assert outcome(answer) == (401, "error", "Invalid token.")


@pytest.mark.parametrize("address", ["/scores", "/scores/{}"])
def test_a_public_read_ignores_an_invalid_token(client, learner, add_score, address):
    address = address.format(add_score(learner))
    answer = client.get(address, headers={"Authorization": "Bearer nonsense"})
    assert outcome(answer) == (200, "success", None)
    assert answer.json["data"] == client.get(address).json["data"]


def test_times_are_in_utc_with_an_offset_whatever_the_database_prefers(client, learner, app):
    noon = dt.datetime(2026, 11, 22, 12, tzinfo=dt.timezone(dt.timedelta(hours=5, minutes=30)))
    with app.app_context():
        score = Score(learner.id, 1, True, created_at=noon, updated_at=noon.replace(microsecond=123456))
        db.session.add(score)
        db.session.commit()
        score_id = score.id
    data = client.get(f"/scores/{score_id}").json["data"]
    assert data["created_at"] == "2026-11-22T06:30:00.000000+00:00"
    assert data["updated_at"] == "2026-11-22T06:30:00.123456+00:00"


@pytest.fixture
def private(make_app):
    """A client of a service whose scores are not public."""
    return make_app(SCORES_PUBLIC=False).test_client()


def test_private_scores_need_a_valid_token(private):
    bad = {"Authorization": "Bearer nonsense"}
    for address in ("/scores", "/scores/1", "/scores/x", "/scores/user", "/scores/user/1", "/scores/1/history"):
        assert outcome(private.get(address)) == (403, "error", "Provide a valid auth token.")
        assert outcome(private.get(address, headers=bad)) == (401, "error", "Invalid token.")


def test_a_learner_sees_only_their_own_private_scores(private, learner, other, add_score):
    mine, foreign = add_score(learner), add_score(other)
    listed = [private.get(address, headers=learner.headers) for address in ("/scores", "/scores/user")]
    assert [[score["id"] for score in answer.json["data"]["scores"]] for answer in listed] == [[mine], [mine]]
    for address in ("/scores/{}", "/scores/user/{}", "/scores/{}/history"):
        assert private.get(address.format(mine), headers=learner.headers).status_code == 200
        assert outcome(private.get(address.format(foreign), headers=learner.headers)) == UNKNOWN


def test_a_filter_shows_no_private_score_of_another_user(private, learner, other, add_score):
    add_score(other)
    for user_id in (other.id, NOISE_USER):
        answer = private.get(f"/scores?user_id={user_id}&limit=1000", headers=learner.headers)
        assert answer.json["data"]["scores"] == []


@pytest.mark.parametrize("reader", ["grader", "admin"])
def test_staff_see_all_private_scores(private, request, client, learner, add_score, reader):
    headers = request.getfixturevalue(reader).headers
    score_id = add_score(learner)
    assert private.get("/scores", headers=headers).json["data"] == client.get("/scores").json["data"]
    assert private.get(f"/scores/{score_id}", headers=headers).json["data"]["user_id"] == learner.id
    assert private.get(f"/scores/{score_id}/history", headers=headers).status_code == 200
    # What is called one's own stays one's own.
    assert private.get("/scores/user", headers=headers).json["data"]["scores"] == []
    assert private.get(f"/scores/user/{score_id}", headers=headers).status_code == 404
