import json

import pytest

from project.tests.scores.bulk.conftest import CSV, ndjson

HEADER = b"user_id,exercise_id,correct\n"
TWO = [(1001, 1, True), (1002, 2, False)]

GOOD_CSV = {
    "plain": HEADER + b"1001,1,true\n1002,2,false\n",
    "psql's booleans": HEADER + b"1001,1,t\n1002,2,f\n",
    "no end": HEADER + b"1001,1,true\n1002,2,false",
    "CRLF": (HEADER + b"1001,1,true\n1002,2,false\n").replace(b"\n", b"\r\n"),
    "BOM": b"\xef\xbb\xbf" + HEADER + b"1001,1,true\n1002,2,false\n",
    "empty lines": b"\n\n" + HEADER + b"\n1001,1,true\n \n\r\n1002,2,false\n\n",
    "another order": b"correct,user_id,exercise_id\ntrue,1001,1\nfalse,1002,2\n",
    "quotes": b'"user_id","exercise_id",correct\n"1001",1,"true"\n1002,"2",false\n',
    "columns of an export": b"id,user_id,exercise_id,correct,source\n7,1001,1,true,graded\n8,1002,2,false,\n",
}
GOOD_NDJSON = {
    "plain": ndjson(*TWO),
    "no end": ndjson(*TWO)[:-1],
    "CRLF": ndjson(*TWO).replace(b"\n", b"\r\n"),
    "BOM": b"\xef\xbb\xbf" + ndjson(*TWO),
    "empty lines": b"\n" + ndjson(*TWO).replace(b"\n", b"\n \n\n"),
    "another order": b'{"correct":true,"exercise_id":1,"user_id":1001}\n'
    b'{"exercise_id":2,"correct":false,"user_id":1002}',
    "escaped keys": b'{"user\\u005fid":1001,"exercise_id":1,"correct":true}\n' + ndjson(TWO[1]),
    "fields of an export": b'{"id":7,"user_id":1001,"exercise_id":1,"correct":true,"source":"graded"}\n'
    + ndjson(TWO[1]),
}
BAD_JSON = {
    "{": "line",
    "[]": "line",
    "null": "line",
    "5": "line",
    '{"user_id": 1001, "exercise_id": 1}': "correct",
    '{"user_id": 1001, "exercise_id": 1, "correct": 1}': "correct",
    '{"user_id": 1001, "exercise_id": 1, "correct": null}': "correct",
    '{"user_id": "1001", "exercise_id": 1, "correct": true}': "user_id",
    '{"user_id": 1001.5, "exercise_id": 1, "correct": true}': "user_id",
    '{"user_id": true, "exercise_id": 1, "correct": true}': "user_id",
    '{"user_id": 1001, "exercise_id": 9223372036854775808, "correct": true}': "exercise_id",
    '{"user_id": 1001, "exercise_id": -9223372036854775809, "correct": true}': "exercise_id",
    '{"user_id": 1001, "exercise_id": 1, "correct": true, "colour": 1}': "colour",
    '{"user_id": 1001, "user_id": 1001, "exercise_id": 1, "correct": true}': "line",
    '{"user_id": 1001, "exercise_id": 1, "correct": true, "correct": true}': "line",
    '{"user_id": 1001, "exercise_id": NaN, "correct": true}': "line",
    '{"user_id": 1001, "exercise_id": 1, "correct": true} {}': "line",
    '{"user_id": 1001, "exercise_id": 1, "correct": true}\0': "line",
    '{"user_id": 1001, "exercise_id": 1, "correct": true, "id": "%s"}' % ("x" * 5000): "line",
    "[" * 4000: "line",
}
BAD_CSV = {
    "1001,1": "line",
    "1001,1,true,5": "line",
    ",1,true": "user_id",
    "1001,1,": "correct",
    "1001,1,True": "correct",
    "1001,1,1": "correct",
    "1001.5,1,true": "user_id",
    "+1001,1,true": "user_id",
    " 1001,1,true": "user_id",
    "1_001,1,true": "user_id",
    "\u0661,1,true": "user_id",
    "9223372036854775808,1,true": "user_id",
    "1001,1\0,true": "exercise_id",
    '1001,"1,true': "line",
    '1001,"1"2,true': "line",
    "1001,1,true" + " " * 5000: "line",
}
BAD_HEADERS = {
    b"user_id,exercise_id\n": "correct",
    b"user_id,exercise_id,correct,colour\n": "colour",
    b"user_id,exercise_id,correct,correct\n": "correct",
    b"1001,1,true\n": "user_id",
    b'"user_id,exercise_id,correct\n': "line",
    b"\xff,user_id\n": "line",
}


@pytest.mark.parametrize("body", GOOD_CSV.values(), ids=GOOD_CSV.keys())
def test_good_csv_is_written(load, written, ledger, body):
    status, answer = load(body, CSV)
    assert (status, answer["data"]["inserted"], answer["data"]["failed"]) == (200, 2, 0), answer
    assert written() == TWO
    assert ledger() == 2


@pytest.mark.parametrize("body", GOOD_NDJSON.values(), ids=GOOD_NDJSON.keys())
def test_good_ndjson_is_written(load, written, ledger, body):
    status, answer = load(body)
    assert (status, answer["data"]["inserted"], answer["data"]["failed"]) == (200, 2, 0), answer
    assert written() == TWO
    assert ledger() == 2


def check_bad_lines(bad, answer, first):
    """Check that each bad line is told by its number and field, and nothing else is."""
    told = {}
    for error in answer["data"]["errors"]:
        told.setdefault(error["line"], set()).add(error["field"])
        assert error["reason"][0].isupper(), error
    assert told == {number: {field} for number, field in enumerate(bad.values(), first)}
    assert answer["data"]["failed"] == len(bad)


def test_bad_json_is_reported_by_line_and_good_lines_are_written(load, written):
    status, answer = load(ndjson(TWO[0]) + "\n".join(BAD_JSON).encode() + b"\n" + ndjson(TWO[1]))
    assert status == 200
    check_bad_lines(BAD_JSON, answer, 2)
    assert written() == TWO
    assert answer["data"]["written_through"] == len(BAD_JSON) + 2


def test_bad_csv_is_reported_by_line_and_good_lines_are_written(load, written):
    status, answer = load(HEADER + b"1001,1,true\n" + "\n".join(BAD_CSV).encode() + b"\n1002,2,false\n", CSV)
    assert status == 200
    check_bad_lines(BAD_CSV, answer, 3)
    assert written() == TWO


def test_a_bad_line_is_reported_in_the_words_of_post_scores(load, client, grader):
    for line in (line for line, field in BAD_JSON.items() if len(line) < 200 and field not in {"colour", "line"}):
        one = client.post("/scores", data=line, headers=grader.headers, content_type="application/json")
        if "user_id" in one.json["errors"] or "exercise_id" in one.json["errors"] or "correct" in one.json["errors"]:
            (error,) = load(line)[1]["data"]["errors"]
            assert one.json["errors"].get(error["field"]) == [error["reason"]], line


def test_bad_utf_8_is_one_bad_line(load, written):
    status, answer = load(b'{"user_id": 1001, "exercise_id": 1, "correct": true, "\xff": 1}\n' + ndjson(TWO[1]))
    assert (status, [error["line"] for error in answer["data"]["errors"]]) == (200, [1])
    status, answer = load(b"source," + HEADER + b"\xff,1001,1,true\n,1001,1,true\n", CSV)
    assert (status, [error["line"] for error in answer["data"]["errors"]]) == (200, [2])
    assert written() == TWO


@pytest.mark.parametrize("header", BAD_HEADERS, ids=repr)
def test_a_bad_header_is_rejected_by_the_name_of_its_column(load, written, header):
    status, answer = load(header + b"1001,1,true\n", CSV)
    assert (status, answer["message"]) == (400, "Nothing was written.")
    assert BAD_HEADERS[header] in answer["errors"]
    assert written() == []


@pytest.mark.parametrize("body", [b"", b"\n \n", b"{}\n", HEADER])
def test_a_load_without_a_good_line_is_rejected(load, body):
    status, answer = load(body)
    assert (status, answer["status"], answer["message"]) == (400, "fail", "Nothing was written.")


def test_a_load_of_a_csv_header_alone_is_rejected(load):
    assert load(HEADER, CSV)[0] == 400


def test_of_two_lines_for_one_score_the_last_is_written(load, written, ledger):
    status, answer = load(ndjson((1001, 1, True), (1002, 2, True), (1001, 1, False)))
    assert (status, answer["data"]["inserted"], answer["data"]["duplicates"]) == (200, 2, 1)
    assert written() == [(1001, 1, False), (1002, 2, True)]
    assert ledger() == 2


def test_scores_with_another_result_are_changed_and_the_others_are_not(load, written, ledger, rows):
    load(ndjson(*TWO))
    status, answer = load(ndjson(TWO[0], (1002, 2, True), (1003, 3, True)))
    counts = {name: answer["data"][name] for name in ("inserted", "updated", "unchanged")}
    assert (status, counts) == (200, {"inserted": 1, "updated": 1, "unchanged": 1})
    assert written() == [(1001, 1, True), (1002, 2, True), (1003, 3, True)]
    assert ledger() == 4


def test_a_self_reported_score_becomes_a_trusted_one(load, client, learner, rows):
    client.post("/scores", json={"exercise_id": 77, "correct": True}, headers=learner.headers)
    answer = load(ndjson((learner.id, 77, True)))[1]
    assert answer["data"]["updated"] == 1
    assert rows("SELECT source FROM scores WHERE exercise_id = 77") == [{"source": "graded"}]


@pytest.mark.parametrize(("role", "source"), [("grader", "graded"), ("admin", "override")])
def test_the_score_and_the_ledger_have_the_caller_of_a_load(load, request, rows, role, source):
    member = request.getfixturevalue(role)
    load(ndjson(*TWO), member=member)
    for table in ("scores", "score_changes"):
        found = rows(f"SELECT DISTINCT source, recorded_by FROM {table} WHERE user_id IN (1001, 1002)")
        assert found == [{"source": source, "recorded_by": member.id}]


def test_a_learner_may_not_load_scores(load, client, learner, written):
    status, answer = load(ndjson(*TWO), member=learner)
    assert (status, answer["message"]) == (401, "You do not have permission to do that.")
    assert client.post("/scores/bulk", data=ndjson(*TWO)).status_code == 403
    assert client.get("/scores/export", headers=learner.headers).status_code == 401
    assert client.get("/scores/export").status_code == 403
    assert written() == []


def test_an_atomic_load_writes_all_or_nothing(load, written, ledger):
    status, answer = load(ndjson(*TWO) + b"{\n", atomic="true")
    assert (status, answer["status"], answer["message"]) == (400, "fail", "Nothing was written.")
    assert [error["line"] for error in answer["data"]["errors"]] == [3]
    assert (answer["data"]["inserted"], answer["data"]["written_through"]) == (0, 0)
    assert (written(), ledger()) == ([], 0)
    status, answer = load(ndjson(*TWO), atomic="true")
    assert (status, answer["data"]["inserted"], answer["data"]["written_through"]) == (200, 2, 2)
    assert written() == TWO


def test_a_thousand_errors_are_listed_and_all_are_counted(load):
    answer = load(b"{\n" * 1500 + ndjson(*TWO))[1]
    assert (answer["data"]["failed"], len(answer["data"]["errors"])) == (1500, 1000)


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "text/csv; charset=latin-1", ""])
def test_a_load_of_another_content_type_is_rejected(load, content_type):
    status, answer = load(ndjson(*TWO), content_type)
    assert (status, list(answer["errors"])) == (415, ["body"])


def test_an_unsupported_or_too_long_load_is_rejected(load, make_app, grader):
    assert load(ndjson(*TWO), headers={"Content-Encoding": "gzip"})[0] == 415
    status, answer = load(ndjson(*TWO), headers={"Idempotency-Key": "k"})
    assert (status, list(answer["errors"])) == (400, ["Idempotency-Key"])
    client = make_app(TRANSFER_MAX_BYTES=10).test_client()
    answer = client.post("/scores/bulk", data=ndjson(*TWO), headers=grader.headers | {"Content-Type": CSV})
    assert (answer.status_code, list(answer.json["errors"])) == (413, ["body"])


def test_chunks_have_the_configured_size(make_app, grader, rows):
    client = make_app(BULK_CHUNK_LINES=10).test_client()
    body = ndjson(*((1001, exercise, True) for exercise in range(1, 36)))
    answer = client.post("/scores/bulk", data=body, headers=grader.headers, content_type="application/x-ndjson")
    assert (answer.status_code, answer.json["data"]["written_through"]) == (200, 35)
    # A transaction has one time of its own.
    assert len(rows("SELECT DISTINCT created_at FROM scores WHERE user_id = 1001")) == 4


def test_a_load_may_be_longer_than_other_bodies(load, shared_app):
    line = json.dumps({"user_id": 1001, "exercise_id": 1, "correct": True}).ljust(4000).encode() + b"\n"
    body = line * (shared_app.config["MAX_CONTENT_LENGTH"] // len(line) + 2)
    status, answer = load(body)
    assert (status, answer["data"]["inserted"]) == (200, 1)
