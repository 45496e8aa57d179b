"""Tags, 304, who may keep an answer, and compression."""

import gzip
import re

import brotli
import pytest
from backports import zstd
from flask import Response

from project import db
from project.api.scores.models import Score
from project.web.auth import allow
from project.web.http_caching import change_ids, is_same, strong_tag, tag_of, wanted_states
from project.web.permissions import Action

PUBLIC, PRIVATE, NOT_KEPT = "public, no-cache", "private, no-cache", "no-store"
UNPACK = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": zstd.decompress}


@pytest.fixture
def score(client, learner):
    return client.post("/scores", json={"exercise_id": 7, "correct": False}, headers=learner.headers).json["data"]


@pytest.fixture
def many_scores(app, learner):
    """Add so many scores that their list is long."""
    with app.app_context():
        db.session.add_all([Score(learner.id, 1000 + number, number % 2 == 0) for number in range(200)])
        db.session.commit()


def varies(answer):
    return set(filter(None, re.split(", *", answer.headers.get("Vary", ""))))


@pytest.mark.parametrize("text", ["", " ", "*, ", "x", '"', 'W/"', '"1', '""', ",", '"1",,', "W/1", "é", '"\\""'])
def test_odd_conditions_are_read_as_some_tags(text):
    assert is_same('"1"', text) in {True, False}
    assert wanted_states(text) is None or all(isinstance(state, str) for state in wanted_states(text))


@pytest.mark.parametrize(
    ("if_match", "wanted"),
    [
        (None, None),
        ("*", None),
        ('"7"', [7]),
        ('"7", "8"', [7, 8]),
        ('W/"7"', []),
        ('W/"7", "8"', [8]),
        ('"07"', []),
        ('"-7"', []),
        ('"' + "9" * 19 + '"', []),
        ('"\N{ARABIC-INDIC DIGIT SEVEN}"', []),
        ("", []),
    ],
)
def test_if_match_names_states_by_their_strong_tags(if_match, wanted):
    found = change_ids(wanted_states(if_match))
    assert (sorted(found) if found is not None else None) == wanted


def test_a_tag_depends_on_the_data_and_on_next():
    assert len({tag_of(b"[]"), tag_of(b"{}"), tag_of(b"[]", "/scores?cursor=x"), tag_of(b"[]", "")}) == 4 - 1
    assert tag_of(b"[]") == tag_of(b"[]")
    assert strong_tag(5) == '"5"'


@pytest.mark.parametrize("address", ["/scores", "/scores/{}", "/scores/user", "/scores/user/{}", "/scores/{}/history"])
def test_what_has_not_changed_is_not_sent_again(client, learner, change, score, address):
    address = address.format(score["id"])
    first = client.get(address, headers=learner.headers)
    conditions = learner.headers | {"If-None-Match": first.headers["ETag"]}
    again = client.get(address, headers=conditions)
    assert (again.status_code, again.data) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary"):
        assert again.headers.get(name) == first.headers.get(name)
    assert again.headers["X-Request-ID"] != first.headers["X-Request-ID"]
    assert "Content-Type" not in again.headers
    change("UPDATE scores SET correct = true WHERE id = :id", id=score["id"])
    changed = client.get(address, headers=conditions)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_a_tag_is_found_in_a_list_weak_or_strong_and_by_a_star(client, score):
    address = f"/scores/{score['id']}"
    tag = client.get(address).headers["ETag"]
    for text in (f'"x", {tag}', f"W/{tag}", "*"):
        assert client.get(address, headers={"If-None-Match": text}).status_code == 304
    assert client.get(address, headers={"If-None-Match": '"x", "y"'}).status_code == 200


def test_a_head_has_the_headers_of_the_get(client, score):
    address = f"/scores/{score['id']}"
    read, head = client.get(address), client.head(address)
    assert head.data == b""
    names = ("ETag", "Cache-Control", "Content-Length", "Content-Type")
    assert [head.headers[name] for name in names] == [read.headers[name] for name in names]
    assert client.head(address, headers={"If-None-Match": read.headers["ETag"]}).status_code == 304


def test_the_last_page_has_another_tag_once_a_page_follows(client, learner, score):
    address = "/scores/user?limit=1"
    before = client.get(address, headers=learner.headers)
    client.post("/scores", json={"exercise_id": 8, "correct": False}, headers=learner.headers)
    after = client.get(address, headers=learner.headers)
    assert before.json["data"] == after.json["data"]
    assert before.headers["ETag"] != after.headers["ETag"]


def test_each_response_with_a_score_has_the_same_tag(client, learner):
    body = {"correct": False}
    score_id = client.post("/scores", json=body | {"exercise_id": 8}, headers=learner.headers).json["data"]["id"]
    writes = [("POST", "/scores", 9), ("PATCH", "/scores", 9), ("PUT", f"/scores/{score_id}", 8)]
    for method, path, exercise_id in writes:
        body = {"exercise_id": exercise_id, "correct": False}
        written = client.open(path, method=method, json=body, headers=learner.headers)
        data = written.json["data"]
        assert "change_id" not in data
        assert written.headers["Cache-Control"] == NOT_KEPT
        for address in (f"/scores/{data['id']}", f"/scores/user/{data['id']}"):
            read = client.get(address, headers=learner.headers)
            assert read.headers["ETag"] == written.headers["ETag"]
            assert read.json["data"] == data


@pytest.mark.parametrize(
    ("address", "anybody", "known", "vary"),
    [
        ("/scores", PUBLIC, PUBLIC, set()),
        ("/scores/1", NOT_KEPT, NOT_KEPT, set()),  # there is none
        ("/exercises", PUBLIC, PRIVATE, {"Authorization"}),
        ("/users", PUBLIC, PRIVATE, {"Authorization"}),
        ("/scores/user", NOT_KEPT, PRIVATE, {"Authorization"}),
        ("/auth/status", NOT_KEPT, PRIVATE, {"Authorization"}),
        ("/submissions", NOT_KEPT, PRIVATE, {"Authorization"}),
        ("/ready", PUBLIC, PUBLIC, set()),
        ("/openapi.json", PUBLIC, PUBLIC, set()),
        ("/health", NOT_KEPT, NOT_KEPT, set()),
        ("/ping", NOT_KEPT, NOT_KEPT, set()),
        ("/auth/logout", NOT_KEPT, NOT_KEPT, set()),
        ("/nowhere", NOT_KEPT, NOT_KEPT, set()),
    ],
)
def test_cache_control_follows_from_who_may_read(client, learner, address, anybody, known, vary):
    for headers, expected in (({}, anybody), (learner.headers, known)):
        answer = client.get(address, headers=headers)
        assert answer.headers["Cache-Control"] == expected
        if answer.status_code == 200 and expected != NOT_KEPT:
            assert varies(answer) - {"Accept-Encoding"} == vary


def test_scores_that_are_not_public_are_privately_cacheable(make_app, learner):
    client = make_app(SCORES_PUBLIC=False).test_client()
    answer = client.get("/scores", headers=learner.headers)
    assert answer.headers["Cache-Control"] == PRIVATE
    assert varies(answer) == {"Authorization"}
    assert client.get("/scores").headers["Cache-Control"] == NOT_KEPT


def test_responses_to_writes_and_tokens_are_not_cacheable(client, admin):
    account = {"username": "ada", "email": "ada@example.org", "password": "correct horse"}
    for path, body in (("/auth/register", account), ("/auth/login", account), ("/scores", {}), ("/exercises", {})):
        assert client.post(path, json=body, headers=admin.headers).headers["Cache-Control"] == NOT_KEPT


@pytest.mark.parametrize("encoding", ["zstd", "br", "gzip"])
def test_a_long_list_is_compressed_and_its_tag_stays_the_same(client, learner, many_scores, encoding):
    headers = learner.headers | {"Accept-Encoding": encoding}
    plain = client.get("/scores/user?limit=200", headers=learner.headers)
    packed = client.get("/scores/user?limit=200", headers=headers)
    assert packed.headers["Content-Encoding"] == encoding
    assert len(packed.data) == int(packed.headers["Content-Length"]) < len(plain.data) / 4
    unpacked = UNPACK[encoding](packed.data)
    assert unpacked.partition(b'"request_id"')[0] == plain.data.partition(b'"request_id"')[0]
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert varies(packed) == varies(plain) == {"Authorization", "Accept-Encoding"}
    for known in (headers, learner.headers):
        again = client.get("/scores/user?limit=200", headers=known | {"If-None-Match": packed.headers["ETag"]})
        assert (again.status_code, varies(again)) == (304, varies(packed))
        assert "Content-Encoding" not in again.headers


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "gzip;q=0, br;q=0", "gzip;q=0, compress"])
def test_only_accepted_encodings_are_sent(client, many_scores, accepted):
    answer = client.get("/scores?limit=200", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers
    assert answer.json["status"] == "success"


def test_a_page_of_fifty_scores_is_sent_as_it_is(client, learner, many_scores):
    answer = client.get("/scores/user?limit=50", headers=learner.headers | {"Accept-Encoding": "gzip, br, zstd"})
    assert len(answer.json["data"]["scores"]) == 50
    assert "Content-Encoding" not in answer.headers
    assert varies(answer) == {"Authorization"}


def test_the_threshold_is_a_setting(make_app, many_scores):
    client = make_app(COMPRESS_MIN_BYTES=100).test_client()
    assert client.get("/scores?limit=2", headers={"Accept-Encoding": "gzip"}).headers["Content-Encoding"] == "gzip"


def test_what_only_admins_see_is_not_compressed_nor_what_can_be_changed_under_a_condition(
    make_app, learner, admin, score
):
    client = make_app(COMPRESS_MIN_BYTES=0).test_client()

    def encoding(address, caller):
        headers = caller.headers | {"Accept-Encoding": "gzip"}
        return client.get(address, headers=headers).headers.get("Content-Encoding")

    assert encoding("/scores/user", learner) == encoding("/submissions", learner) == "gzip"
    assert encoding("/users", admin) is None
    assert encoding("/exercises", admin) is None
    assert encoding(f"/scores/{score['id']}", learner) is None


def test_streamed_responses_are_not_buffered(make_app):
    app = make_app(COMPRESS_MIN_BYTES=0)
    made = []

    @allow(Action.READ_PAGES)
    def stream():
        return Response((made.append(number) or b"[1]" * 9000 for number in range(3)), mimetype="application/json")

    app.add_url_rule("/stream", view_func=stream)
    answer = app.test_client().get("/stream", headers={"Accept-Encoding": "gzip"}, buffered=False)
    assert made == [0]  # the test client reads the first piece
    assert len(answer.data) == 3 * 27000
    assert not {"Content-Encoding", "Content-Length", "ETag"} & set(answer.headers.keys())
    assert answer.headers["Cache-Control"] == NOT_KEPT


def test_secrets_are_not_compressed(make_app):
    client = make_app(COMPRESS_MIN_BYTES=0).test_client()
    account = {"username": "ada", "email": "ada@example.org", "password": "correct horse"}
    for path in ("/auth/register", "/auth/login"):
        answer = client.post(path, json=account, headers={"Accept-Encoding": "gzip"})
        assert answer.json["auth_token"]
        assert "Content-Encoding" not in answer.headers


def test_pages_of_other_sites_may_read_tags_and_send_conditions_and_keys(make_app):
    origin = "https://learn.example.org"
    client = make_app(CORS_ORIGINS=[origin]).test_client()
    names = ["If-Match", "If-None-Match", "Idempotency-Key"]
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": ", ".join(names),
    }
    allowed = client.options("/scores/1", headers=asked).headers["Access-Control-Allow-Headers"]
    assert {name.lower() for name in names} <= set(re.split(", *", allowed.lower()))
    answer = client.get("/scores", headers={"Origin": origin})
    exposed = set(re.split(", *", answer.headers["Access-Control-Expose-Headers"]))
    assert {"ETag", "Idempotency-Replayed", "Link", "Location"} <= exposed
    assert "Origin" in varies(answer)
