import datetime as dt

import flask_migrate
import psycopg
import pytest
import sqlalchemy as sa

from project import db
from project.api.scores.models import Score
from project.postgres.embedded import embedded_postgres
from project.tests.conftest import NOISE_USER
from project.tests.servers import own_database

UNKNOWN = (404, "fail", "Score does not exist")
NOBODY = {"recorded_by": None}


def outcome(answer):
    return answer.status_code, answer.json["status"], answer.json["message"]


@pytest.fixture
def ledger(rows):
    """Read all entries that are no noise."""
    statement = """
        SELECT score_id, user_id, exercise_id, action, correct, source, recorded_by
        FROM score_changes WHERE user_id <> :noise ORDER BY id
    """
    return lambda: rows(statement, noise=NOISE_USER)


@pytest.fixture
def score(client, learner):
    """A learner's score for exercise -7, true, reported by the learner."""
    body = {"exercise_id": -7, "correct": True}
    return client.post("/scores", json=body, headers=learner.headers).json["data"]


def entry_of(score):
    return {key: score[key] for key in ("user_id", "exercise_id", "correct")} | {"score_id": score["id"]}


def test_each_write_adds_one_entry_with_the_recorder_and_the_score(client, learner, grader, admin, ledger):
    body = {"exercise_id": -7, "correct": False}
    of_learner = {"user_id": learner.id}
    score_id = client.post("/scores", json=body, headers=learner.headers).json["data"]["id"]
    address = f"/scores/{score_id}"
    client.put(address, json=body | {"correct": True}, headers=learner.headers)
    client.patch(address, json=body | {"correct": True}, headers=learner.headers)
    client.patch("/scores", json=body | of_learner, headers=grader.headers)
    client.put(address, json=body | of_learner | {"correct": True}, headers=admin.headers)
    client.patch("/scores", json=body, headers=admin.headers)
    entries = ledger()
    assert [tuple(entry.values())[3:] for entry in entries] == [
        ("created", False, "self_reported", learner.id),
        ("changed", True, "self_reported", learner.id),
        ("changed", True, "self_reported", learner.id),
        ("changed", False, "graded", grader.id),
        ("changed", True, "override", admin.id),
        ("created", False, "override", admin.id),
    ]
    assert {tuple(entry.values())[:3] for entry in entries[:5]} == {(score_id, learner.id, -7)}
    assert (entries[5]["user_id"], entries[5]["exercise_id"]) == (admin.id, -7)


def test_an_entry_has_the_time_of_its_change(client, learner, score, rows):
    clock = "SELECT clock_timestamp() AS now"
    before = rows(clock)[0]["now"]
    client.patch("/scores", json={"exercise_id": -7, "correct": False}, headers=learner.headers)
    after = rows(clock)[0]["now"]
    history = client.get(f"/scores/{score['id']}/history", headers=learner.headers).json["data"]["history"]
    assert all(entry["recorded_at"].endswith("+00:00") for entry in history)
    times = [dt.datetime.fromisoformat(entry["recorded_at"]) for entry in history]
    assert times[0] < before <= times[1] <= after


def test_a_rejected_write_adds_no_entry(client, learner, other, graded_exercise, score, ledger):
    before = ledger()
    refused = [
        client.post("/scores", json={"exercise_id": -7, "correct": False}, headers=learner.headers),
        client.put(f"/scores/{score['id']}", json={"exercise_id": -7, "correct": False}, headers=other.headers),
        client.patch("/scores", json={"exercise_id": -7, "correct": 1}, headers=learner.headers),
        client.patch("/scores", json={"exercise_id": graded_exercise, "correct": True}, headers=learner.headers),
        client.patch("/scores", json={"exercise_id": -7, "correct": True}),
    ]
    assert [answer.status_code for answer in refused] == [400, 400, 400, 401, 403]
    assert ledger() == before


def test_a_write_that_is_rolled_back_adds_no_entry(app, learner, score, ledger):
    before = ledger()
    with app.app_context():
        db.session.add(Score(learner.id, -8, True))
        db.session.get_one(Score, score["id"]).correct = False
        db.session.flush()
        assert db.session.scalar(sa.text("SELECT count(*) FROM score_changes WHERE exercise_id IN (-7, -8)")) == 3
        db.session.rollback()
    assert ledger() == before


def test_each_row_of_an_sql_insert_has_an_entry(change, learner, ledger):
    change(
        "INSERT INTO scores (user_id, exercise_id, correct) SELECT :id, number, number % 2 = 0 "
        "FROM generate_series(1, 500) AS number",
        id=learner.id,
    )
    entries = ledger()
    assert sorted((entry["exercise_id"], entry["correct"]) for entry in entries) == [
        (n, n % 2 == 0) for n in range(1, 501)
    ]
    assert all(entry.items() >= {"action": "created", "source": "imported", **NOBODY}.items() for entry in entries)


def test_a_bulk_load_has_an_entry_for_each_row(app, learner, ledger):
    with app.app_context():
        connection = db.session.connection().connection.driver_connection
        assert isinstance(connection, psycopg.Connection)
        with connection.cursor().copy("COPY scores (user_id, exercise_id, correct) FROM STDIN") as copy:
            for exercise_id in (1, 2, 3):
                copy.write_row((learner.id, exercise_id, True))
        db.session.commit()
    assert [(entry["action"], entry["source"], entry["recorded_by"]) for entry in ledger()] == [
        ("created", "imported", None)
    ] * 3


def test_an_sql_update_without_recorder_is_an_override_by_an_unknown_user(client, change, learner, score, ledger):
    client.post("/scores", json={"exercise_id": -8, "correct": True}, headers=learner.headers)
    before = ledger()
    change("UPDATE scores SET correct = false WHERE user_id = :id", id=learner.id)
    added = ledger()[len(before) :]
    assert sorted(entry["exercise_id"] for entry in added) == [-8, -7]
    wanted = {"action": "changed", "correct": False, "source": "override", **NOBODY}
    assert all(entry.items() >= wanted.items() for entry in added)
    assert client.get(f"/scores/{score['id']}").json["data"]["source"] == "override"


def test_an_sql_update_without_a_new_change_id_cannot_set_the_recorder(change, learner, other, score, ledger):
    change(
        "UPDATE scores SET correct = false, recorded_by = :o, source = 'graded' WHERE user_id = :id",
        o=other.id,
        id=learner.id,
    )
    assert ledger()[-1].items() >= {"source": "override", **NOBODY}.items()


def test_an_sql_update_with_a_new_change_id_sets_the_recorder(change, learner, grader, score, ledger):
    change(
        "UPDATE scores SET correct = false, change_id = nextval('score_change_ids'), source = 'graded', "
        "recorded_by = :grader WHERE user_id = :id",
        grader=grader.id,
        id=learner.id,
    )
    assert ledger()[-1].items() >= {"source": "graded", "recorded_by": grader.id}.items()


def test_an_sql_upsert_has_one_entry_for_each_row(change, learner, score, ledger):
    change(
        "INSERT INTO scores (user_id, exercise_id, correct) VALUES (:id, -7, false), (:id, -8, false) "
        "ON CONFLICT (user_id, exercise_id) DO UPDATE SET correct = excluded.correct",
        id=learner.id,
    )
    added = {(entry["exercise_id"], entry["action"], entry["source"]) for entry in ledger()[1:]}
    assert len(ledger()) == 3
    assert added == {(-7, "changed", "override"), (-8, "created", "imported")}


def test_an_sql_delete_has_an_entry_with_the_last_value(change, learner, score, ledger):
    change("INSERT INTO scores (user_id, exercise_id, correct) VALUES (:id, -8, false)", id=learner.id)
    before = ledger()
    change("DELETE FROM scores WHERE user_id = :id", id=learner.id)
    added = ledger()[len(before) :]
    assert sorted((entry["exercise_id"], entry["correct"]) for entry in added) == [(-8, False), (-7, True)]
    assert all(entry.items() >= {"action": "deleted", "source": "override", **NOBODY}.items() for entry in added)


def test_an_sql_truncate_has_an_entry_for_each_row(change, learner, score, ledger):
    change("TRUNCATE scores")
    assert ledger()[-1] == {**entry_of(score), "action": "deleted", "source": "override"} | NOBODY


def test_a_statement_without_rows_has_no_entry(change, score, ledger):
    before = ledger()
    change("UPDATE scores SET correct = false WHERE user_id = -5")
    change("DELETE FROM scores WHERE user_id = -5")
    change("INSERT INTO scores SELECT * FROM scores ON CONFLICT DO NOTHING")
    assert ledger() == before


FORBIDDEN = [
    "UPDATE score_changes SET correct = NOT correct",
    "UPDATE score_changes SET correct = correct WHERE false",
    "DELETE FROM score_changes",
    "TRUNCATE score_changes",
    "TRUNCATE score_changes, scores",
]


def test_the_ledger_is_append_only(change, score, ledger):
    before = ledger()
    for statement in FORBIDDEN:
        with pytest.raises(sa.exc.ProgrammingError, match="the ledger is append-only"):
            change(statement)
        assert ledger() == before != []


def test_an_sql_insert_into_the_ledger_is_rejected(change, score, ledger):
    with pytest.raises(sa.exc.ProgrammingError, match="append-only"):
        change("""
            INSERT INTO score_changes (id, score_id, user_id, exercise_id, action, correct, source)
            VALUES (-1, 1, 1, 1, 'changed', true, 'graded')
        """)
    assert len(ledger()) == 1


def test_the_ledger_is_append_only_in_a_session_with_the_role_replica(app, make_app):
    # A database of its own, since what empties the shared one switches the guard off and on.
    with own_database(app) as address, make_app(SQLALCHEMY_DATABASE_URI=address).app_context():
        url = db.engine.url
        if url.query.get("host") != str(embedded_postgres.socket_directory):
            pytest.skip("needs the superuser of the embedded PostgreSQL")
        flask_migrate.upgrade()
        db.session.add(Score(1, 1, True))
        db.session.commit()
        with embedded_postgres.connect(str(url.database)) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(f"SET ROLE {url.username}")
            for statement in FORBIDDEN:
                with pytest.raises(psycopg.errors.InsufficientPrivilege, match="the ledger is append-only"):
                    connection.execute(statement)
        assert db.session.scalar(sa.text("SELECT count(*) FROM score_changes WHERE correct")) == 1
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("reader", ["learner", "grader", "admin"])
def test_owner_and_staff_read_a_scores_history(client, request, learner, score, rows, reader):
    client.patch("/scores", json={"exercise_id": -7, "correct": False}, headers=learner.headers)
    headers = request.getfixturevalue(reader).headers
    answer = client.get(f"/scores/{score['id']}/history", headers=headers)
    assert (answer.status_code, answer.json["status"], answer.json["next"]) == (200, "success", None)
    kept = rows("SELECT * FROM score_changes WHERE score_id = :id ORDER BY id", id=score["id"])
    keys = ("id", "action", "correct", "source", "recorded_by", "points", "max_points", "attempts")
    keys += ("submission_id", "rejudge_id", "reason")
    wanted = [{key: row[key] for key in keys} | {"recorded_at": row["recorded_at"].isoformat()} for row in kept]
    assert answer.json["data"]["history"] == wanted
    assert [entry["action"] for entry in wanted] == ["created", "changed"]


def test_another_learner_gets_not_found_for_a_history(client, other, score):
    assert outcome(client.get(f"/scores/{score['id']}/history", headers=other.headers)) == UNKNOWN
    assert outcome(client.get(f"/scores/{2**62}/history", headers=other.headers)) == UNKNOWN


def test_a_history_needs_a_token(client, score):
    wanted = (403, "error", "Provide a valid auth token.")
    assert outcome(client.get(f"/scores/{score['id']}/history")) == wanted


def test_the_history_of_a_deleted_score_stays(client, change, learner, other, score):
    change("DELETE FROM scores WHERE id = :id", id=score["id"])
    address = f"/scores/{score['id']}/history"
    history = client.get(address, headers=learner.headers).json["data"]["history"]
    assert [entry["action"] for entry in history] == ["created", "deleted"]
    assert outcome(client.get(address, headers=other.headers)) == UNKNOWN


def test_a_long_history_has_pages(client, learner, score):
    for correct in (False, True) * 3:
        client.patch("/scores", json={"exercise_id": -7, "correct": correct}, headers=learner.headers)
    address, pages = f"/scores/{score['id']}/history?limit=3", []
    while address:
        answer = client.get(address, headers=learner.headers)
        pages.append([entry["correct"] for entry in answer.json["data"]["history"]])
        address = answer.json["next"]
    assert pages == [[True, False, True], [False, True, False], [True]]
