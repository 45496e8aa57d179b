import datetime as dt
import itertools

import pytest
import sqlalchemy as sa

from project import db
from project.api.scores.models import Score

LISTS = ["/scores", "/scores/user", "/scores/{}/history", "/exercises", "/users"]
NO_INTEGERS = [
    "x",
    "1.5",
    "",
    "1e-2",
    "1e999",
    "1.",
    ".0",
    " 1",
    "+1",
    "--1",
    "0x1",
    "٣",
    "true",
    "null",
    "1\0",
    "9" * 5000,
]
NO_INT64 = [*NO_INTEGERS, str(2**63), str(-(2**63) - 1)]
NO_LIMITS = [*NO_INTEGERS, "0", "-1", "1001", str(2**64)]
NO_BOOLEANS = ["1", "0", "True", "FALSE", "yes", "", "null", "true ", "t"]
NO_TIMES = [
    *("2026-11-22T09:00:00", "2026-11-22", "09:00:00+00:00", "2026-11-22T09:00:00.123456", "2026-11-22 09:00"),
    *("2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-22T25:00:00Z", "2026-11-22T09:00:00+99:00"),
    *("", "garbage", "now", "infinity", "0", "1795338000", "1795338000.5", "null", "2026-11-22T09:00:00Z\0"),
]
FIRST = "AAAAAAAAAAE"  # a good cursor, of row 1
NO_CURSORS = [
    *("", "1", "A", "x" * 5000, "é", "\0", "null", FIRST[:-1], FIRST + "A", FIRST + "=", " " + FIRST, FIRST + "\n"),
    *(FIRST[:-1] + "F", FIRST[:-1] + "+", FIRST[:-2] + "/E", FIRST[:5] + "*" + FIRST[5:], "gAAAAAAAAAA", "A" * 12),
]
BAD_VALUES = {
    "limit": NO_LIMITS,
    "cursor": NO_CURSORS,
    "user_id": NO_INT64,
    "exercise_id": NO_INT64,
    "correct": NO_BOOLEANS,
    "since": NO_TIMES,
    "until": NO_TIMES,
    "updated_since": NO_TIMES,
}
START = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)


@pytest.fixture
def add_scores(app):
    """Commit scores."""

    def add(*scores):
        with app.app_context():
            db.session.add_all(scores)
            db.session.commit()

    return add


@pytest.fixture
def many(app):
    """Add 1,001 scores, with the noise 1,004."""
    with app.app_context():
        statement = (
            "INSERT INTO scores (user_id, exercise_id, correct) SELECT -1, n, true FROM generate_series(1, 1001) n"
        )
        db.session.execute(sa.text(statement))
        db.session.commit()


def walk(client, address, after_each=lambda: None):
    """Return all scores from this page on; each page's Link header must say what its `next` says."""
    found = []
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.json
        found += answer.json["data"]["scores"]
        address = answer.json["next"]
        assert answer.headers.get("Link") == (f'<{address}>; rel="next"' if address else None)
        after_each()
    return found


def refusal(answer):
    return answer.status_code, answer.json["status"], answer.json.get("message"), list(answer.json.get("errors", []))


def test_a_page_has_a_hundred_rows_by_default(client, many):
    answer = client.get("/scores")
    assert len(answer.json["data"]["scores"]) == 100
    assert answer.json["next"] is not None


def test_a_page_has_a_thousand_rows_at_most(client, many):
    answer = client.get("/scores?limit=1000")
    assert len(answer.json["data"]["scores"]) == 1000
    rest = client.get(answer.json["next"])
    assert (len(rest.json["data"]["scores"]), rest.json["next"]) == (4, None)


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
def test_walking_the_pages_finds_every_row_once(client, rows, limit):
    expected = [row["id"] for row in rows("SELECT id FROM scores ORDER BY id")]
    assert len(expected) == 3
    assert [score["id"] for score in walk(client, f"/scores?limit={limit}")] == expected


def test_a_full_last_page_has_no_next_page(client):
    answer = client.get("/scores?limit=3")
    assert (len(answer.json["data"]["scores"]), answer.json["next"]) == (3, None)
    assert "Link" not in answer.headers


def test_walking_the_pages_finds_every_row_once_during_inserts_and_updates(client, rows, add_scores, rng):
    add_scores(*[Score(user_id, 1, True) for user_id in rng.sample(range(1, 10_000), 20)])
    before = [row["id"] for row in rows("SELECT id FROM scores ORDER BY id")]
    new_users = iter(range(-30, 0))

    def write():
        for user_id in itertools.islice(new_users, 2):
            add_scores(Score(user_id, 1, True))
        with client.application.app_context():
            db.session.execute(sa.text("UPDATE scores SET correct = NOT correct"))
            db.session.commit()

    found = [score["id"] for score in walk(client, "/scores?limit=4", write)]
    assert found == sorted(set(found))
    assert set(before) <= set(found)


def test_a_page_after_the_last_row_is_empty(client, rows, add_scores):
    address = client.get("/scores?limit=2").json["next"]
    with client.application.app_context():
        db.session.execute(sa.text("DELETE FROM scores"))
        db.session.commit()
    answer = client.get(address)
    assert (answer.json["data"]["scores"], answer.json["next"]) == ([], None)


def passes(score, wanted):
    """Return whether a row passes the filters: what the API's statement is compared with."""
    return (
        all(score[name] == wanted[name] for name in ("user_id", "exercise_id", "correct") if name in wanted)
        and ("since" not in wanted or score["created_at"] >= wanted["since"])
        and ("until" not in wanted or score["created_at"] < wanted["until"])
        and ("updated_since" not in wanted or score["updated_at"] >= wanted["updated_since"])
    )


def as_text(value, rng):
    if isinstance(value, dt.datetime):
        zone = dt.timezone(dt.timedelta(minutes=rng.randrange(-900, 900)))
        return value.astimezone(zone).isoformat()
    return str(value).lower()


def random_filters(score, rng):
    """Return some filters with values of one row, so that the limits of each are hit."""
    values = {name: score[name] for name in ("user_id", "exercise_id", "correct")}
    moments = {
        "since": score["created_at"],
        "until": score["created_at"] + dt.timedelta(microseconds=rng.choice([0, 1, 10**9])),
        "updated_since": score["updated_at"] + dt.timedelta(microseconds=rng.choice([0, 1])),
    }
    return dict(rng.sample(sorted((values | moments).items()), rng.randrange(0, 4)))


def test_a_list_has_the_scores_that_pass_its_filters(client, rows, add_scores, rng):
    def moment():
        return START + dt.timedelta(seconds=rng.randrange(50), microseconds=rng.randrange(2))

    pairs = rng.sample(list(itertools.product(range(-3, 4), range(8))), 40)
    add_scores(*[Score(*pair, rng.random() < 0.5, moment(), moment()) for pair in pairs])
    scores = rows("SELECT * FROM scores ORDER BY id")
    for _ in range(80):
        wanted = random_filters(rng.choice(scores), rng)
        expected = [score["id"] for score in scores if passes(score, wanted)]
        query = {name: as_text(value, rng) for name, value in wanted.items()} | {"limit": rng.choice([2, 7, 1000])}
        first = client.get("/scores", query_string=query)
        found = [score["id"] for score in [*first.json["data"]["scores"], *walk(client, first.json["next"])]]
        assert found == expected, wanted


def test_ones_own_scores_can_be_filtered_too(client, learner, add_scores):
    add_scores(*[Score(learner.id, exercise_id, exercise_id > 2, START, START) for exercise_id in range(5)])
    query = {"correct": "true", "since": START.isoformat(), "updated_since": START.isoformat(), "limit": 1}
    first = client.get("/scores/user", query_string=query, headers=learner.headers)
    second = client.get(first.json["next"], headers=learner.headers)
    found = [score["exercise_id"] for answer in (first, second) for score in answer.json["data"]["scores"]]
    assert (found, second.json["next"]) == ([3, 4], None)


@pytest.mark.parametrize("zone", ["+00:00", "%2B00:00", "Z", "+05:30", "-08:00", "+0000"])
def test_a_time_may_have_any_usual_offset(client, add_scores, zone):
    offset = dt.datetime.fromisoformat(f"2026-11-22T09:00:00{zone.replace('%2B', '+')}")
    add_scores(Score(1, 1, True, offset, offset), Score(1, 2, True, offset - dt.timedelta(microseconds=1)))
    found = walk(client, f"/scores?limit=1&user_id=1&since=2026-11-22T09:00:00{zone}")
    assert [score["exercise_id"] for score in found] == [1]


def test_the_next_page_keeps_a_plus_sign_that_was_not_encoded(client, add_scores):
    add_scores(*[Score(1, exercise_id, True, START) for exercise_id in range(5)])
    found = walk(client, "/scores?limit=2&user_id=1&since=2026-11-22T14:30:00+05:30")
    assert [score["exercise_id"] for score in found] == [0, 1, 2, 3, 4]


def test_the_first_and_the_last_time_of_the_calendar_are_valid(client):
    for since in ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59.999999-23:59"):
        assert client.get("/scores", query_string={"since": since}).status_code == 200


@pytest.mark.parametrize("name", BAD_VALUES)
def test_an_invalid_value_is_rejected_by_the_name_of_its_parameter(client, name):
    answers = {value: client.get("/scores", query_string={name: value}) for value in BAD_VALUES[name]}
    wanted = (400, "fail", "Invalid payload.", [name])
    assert {value: refusal(answer) for value, answer in answers.items() if refusal(answer) != wanted} == {}


@pytest.mark.parametrize("address", LISTS)
def test_every_list_rejects_an_invalid_limit_or_cursor(client, admin, rows, address):
    address = address.format(rows("SELECT max(id) AS id FROM scores")[0]["id"])
    for name in ("limit", "cursor"):
        for value in BAD_VALUES[name]:
            answer = client.get(address, query_string={name: value}, headers=admin.headers)
            assert refusal(answer) == (400, "fail", "Invalid payload.", [name]), value


@pytest.mark.parametrize("name", BAD_VALUES)
def test_a_parameter_that_is_given_twice_is_rejected(client, name):
    good = {"limit": "1", "cursor": FIRST, "correct": "true", "user_id": "1", "exercise_id": "1"}.get(
        name, "2026-11-22T09:00:00Z"
    )
    assert client.get(f"/scores?{name}={good}").status_code == 200
    assert refusal(client.get(f"/scores?{name}={good}&{name}={good}"))[3] == [name]


def test_all_invalid_parameters_are_reported_together(client):
    answer = client.get("/scores", query_string=dict.fromkeys(BAD_VALUES, ""))
    assert set(answer.json["errors"]) == set(BAD_VALUES)


def test_unknown_parameters_are_ignored(client):
    assert client.get("/scores?page=x&page=y&Limit=0").json["data"] == client.get("/scores").json["data"]
