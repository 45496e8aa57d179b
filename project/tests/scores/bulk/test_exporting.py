import csv
import io
import json
import threading

import pytest

from project.tests.scores.bulk.conftest import CSV, ndjson

SCORES = [(1001, exercise, exercise % 3 == 0) for exercise in range(1, 51)]


@pytest.fixture
def export(client, grader):
    """Export: `export(format="csv", user_id=5)` returns the text."""

    def get(**query):
        with client.get("/scores/export", headers=grader.headers, query_string=query) as answer:
            assert answer.status_code == 200, answer.text
            assert int(answer.headers["Content-Length"]) == len(answer.data)
            return answer.text

    return get


def in_ndjson(text):
    return [json.loads(line) for line in text.splitlines()]


def in_csv(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_an_export_has_the_scores_of_the_list(load, export, client, change):
    load(ndjson(*SCORES))
    change("UPDATE scores SET created_at = '2026-11-22 09:00:00.1+00' WHERE user_id = 1001 AND exercise_id = 1")
    assert in_ndjson(export()) == client.get("/scores?limit=1000").json["data"]["scores"]


def test_an_export_in_csv_has_the_same_scores_as_in_ndjson(load, export):
    load(ndjson(*SCORES))

    def text(value):
        return "" if value is None else value if isinstance(value, str) else json.dumps(value)

    rows = [{name: text(value) for name, value in row.items()} for row in in_ndjson(export())]
    assert in_csv(export(format="csv")) == rows


@pytest.mark.parametrize("content_type", ["application/x-ndjson", CSV])
def test_loading_an_export_changes_nothing_or_restores_deleted_scores(
    load, export, written, ledger, change, content_type
):
    load(ndjson(*SCORES))
    text = export(format="csv" if content_type == CSV else "ndjson", user_id=1001)
    before, entries = written(), ledger()
    status, answer = load(text, content_type, atomic="true")
    assert (status, answer["data"]["unchanged"], ledger()) == (200, len(SCORES), entries)
    change("DELETE FROM scores WHERE user_id = 1001")
    status, answer = load(text, content_type)
    assert (status, answer["data"]["inserted"]) == (200, len(SCORES))
    assert written() == before


def test_an_export_has_the_filters_of_the_list(load, export):
    load(ndjson(*SCORES, (1002, 1, True)))
    assert [row["user_id"] for row in in_ndjson(export(exercise_id=1, correct="true"))] == [1002]
    assert len(in_csv(export(format="csv", user_id=1001))) == len(SCORES)
    assert export(user_id=-(2**63), since="0001-01-01T00:00:00+20:00", until="9999-12-31T23:59:59-20:00") == ""
    assert export(since="2999-01-01T00:00:00Z") == ""
    assert export(format="csv", until="1999-01-01T00:00:00Z").count("\n") == 1


def test_the_headers_of_an_export_have_its_file_name_and_type(client, grader):
    for name, content_type in (("ndjson", "application/x-ndjson"), ("csv", "text/csv")):
        with client.get(f"/scores/export?format={name}", headers=grader.headers) as answer:
            assert answer.mimetype == content_type
            assert answer.headers["Content-Disposition"] == f'attachment; filename="scores.{name}"'
    assert client.head("/scores/export", headers=grader.headers).status_code == 200


def test_an_invalid_query_of_an_export_is_rejected(client, grader):
    for query, field in (("format=xml", "format"), ("user_id=x", "user_id"), ("since=now", "since")):
        answer = client.get(f"/scores/export?{query}", headers=grader.headers)
        assert (answer.status_code, list(answer.json["errors"])) == (400, [field])


def test_an_export_that_is_too_large_is_rejected_and_ends_its_transfer(make_app, grader):
    client = make_app(TRANSFER_MAX_BYTES=10).test_client()
    answers = [client.get("/scores/export", headers=grader.headers) for _ in range(5)]
    assert {(answer.status_code, answer.json["message"]) for answer in answers} == {
        (400, "The export is too large. Please narrow the filters.")
    }


def test_an_export_is_a_snapshot(app, load, export, grader):
    """Each load writes a user's scores all alike; an export that is no snapshot would see them mixed."""
    load(ndjson(*((1001, exercise, True) for exercise in range(2000))))
    over, statuses = threading.Event(), []

    def write():
        client, correct = app.test_client(), False
        while not over.is_set():
            body = ndjson(*((1001, exercise, correct) for exercise in range(2000)))
            headers = grader.headers | {"Content-Type": "application/x-ndjson"}
            statuses.append(client.post("/scores/bulk", data=body, headers=headers).status_code)
            correct = not correct

    writer = threading.Thread(target=write)
    writer.start()
    try:
        seen = [{row["correct"] for row in in_ndjson(export(user_id=1001))} for _ in range(8)]
    finally:
        over.set()
        writer.join()
    assert set(statuses) == {200}
    assert all(len(values) == 1 for values in seen)
