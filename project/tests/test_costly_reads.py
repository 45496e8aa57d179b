"""Reads without an index: how many run at once, how long, and how long their rows are cached."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from project import db
from project.api.leaderboard import queries as boards
from project.api.scores.queries import page_of_scores
from project.tests.conftest import NOISE_USER
from project.tests.front.rsgi_client import FrontClient
from project.tests.servers import wait_for
from project.web import costly_reads

LONG = 60.0
BOARD, FILTERED = "/leaderboard?exercise_ids=1,2,3", "/scores?since=2020-01-01T00:00:00Z"
COSTLY = {"board": BOARD, "filter without an index": FILTERED}


@pytest.fixture(params=[True, False], ids=["front", "flask"])
def make_client(make_app, make_front, request):
    """Make a client of an application whose costly reads have settings of their own."""

    def make(*, at_once=1, read_seconds=LONG, page_seconds=0.0, **settings):
        ours = {
            "COSTLY_READS_AT_ONCE": at_once,
            "COSTLY_READ_SECONDS": read_seconds,
            "COSTLY_PAGE_SECONDS": page_seconds,
            "UNLISTED_REPORTS_COUNT": True,  # the catalogue has none of these exercises
        }
        app = make_app(DATABASE_TIMEOUT_SECONDS=int(LONG), WEB_THREADS=16, **ours, **settings)
        return make_front(app) if request.param else app.test_client()

    return make


def another(client):
    """Return a client of the same application, for another thread."""
    return client if isinstance(client, FrontClient) else client.application.test_client()


@contextmanager
def locked_scores(app):
    """Lock the scores, so that reading them takes as long as the block."""
    with app.app_context():
        engine = db.engine
    with engine.begin() as connection:
        connection.execute(sa.text("LOCK TABLE scores IN ACCESS EXCLUSIVE MODE"))
        yield


def is_busy(answer):
    assert (answer.status_code, answer.json["status"]) == (503, "error"), answer.text
    return int(answer.headers["Retry-After"]) >= 1


def add_score(client, who, exercise_id=2):
    answer = client.post("/scores", json={"exercise_id": exercise_id, "correct": True}, headers=who.headers)
    assert answer.status_code == 201


@pytest.mark.parametrize("address", COSTLY.values(), ids=COSTLY)
@pytest.mark.parametrize("with_token", [True, False])
def test_further_costly_reads_get_503_while_the_limit_is_reached(app, make_client, learner, address, with_token):
    client = make_client(at_once=2)
    headers = learner.headers if with_token else {}

    def read(number):
        return another(client).get(f"{address}&limit={number}", headers=headers)

    with ThreadPoolExecutor(12) as threads:
        with locked_scores(app):
            answers = [threads.submit(read, number) for number in range(1, 13)]
            wait_for(lambda: sum(answer.done() for answer in answers) == 10, "the rejected ones")
            assert all(is_busy(answer.result()) for answer in answers if answer.done())
            assert client.get("/users").status_code == 200
        assert sorted(answer.result().status_code for answer in answers) == [200] * 2 + [503] * 10


def test_the_own_rank_on_a_costly_board_counts_as_a_costly_read(make_client, learner):
    client = make_client(at_once=1)
    with client.application.extensions["costly_reads"].authenticated.acquire():
        assert is_busy(client.get("/leaderboard/me?exercise_ids=1,2,3", headers=learner.headers))
        assert client.get("/leaderboard/me", headers=learner.headers).status_code == 200


def test_anonymous_reads_do_not_count_against_the_limit_of_authenticated_ones(app, make_client, learner):
    client = make_client(at_once=1)
    with ThreadPoolExecutor(2) as threads, locked_scores(app):
        anonymous = threads.submit(another(client).get, BOARD)
        wait_for(lambda: waiting_for_locks(app) == 1, "the anonymous read")
        authenticated = threads.submit(another(client).get, BOARD, headers=learner.headers)
        wait_for(lambda: waiting_for_locks(app) == 2, "the learner's read")
    assert (anonymous.result().status_code, authenticated.result().status_code) == (200, 200)


def waiting_for_locks(app):
    with app.app_context(), db.engine.connect() as connection:
        return connection.scalar(
            sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = CAST('scores' AS regclass)")
        )


@pytest.mark.parametrize("address", COSTLY.values(), ids=COSTLY)
@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer made.up.token"}], ids=["none", "made up"])
def test_reads_without_a_valid_token_have_a_shorter_timeout(app, make_client, learner, address, header):
    client = make_client(at_once=2, read_seconds=0.05)
    with ThreadPoolExecutor(1) as threads:
        with locked_scores(app):
            authenticated = threads.submit(another(client).get, address, headers=learner.headers)
            assert is_busy(client.get(address, headers=header))
            assert not authenticated.done()
        assert authenticated.result().status_code == 200


def test_reads_with_an_index_are_not_limited(app, make_client):
    client = make_client(at_once=1, read_seconds=0.05)
    limits = client.application.extensions["costly_reads"]
    with limits.authenticated.acquire():
        for address in (
            "/scores",
            f"/scores?user_id={NOISE_USER}&correct=true",
            "/scores?exercise_id=1",
            "/leaderboard",
        ):
            assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", COSTLY.values(), ids=COSTLY)
def test_rows_are_cached_for_anonymous_callers_only(make_client, learner, address):
    client = make_client(page_seconds=LONG)
    first = client.get(address)
    add_score(client, learner)
    cached, made_up = client.get(address), client.get(address, headers={"Authorization": "Bearer made.up.token"})
    assert cached.json["data"] == made_up.json["data"] == first.json["data"]
    assert cached.headers["ETag"] == first.headers["ETag"]
    assert cached.json["request_id"] != first.json["request_id"]
    anew = client.get(address, headers=learner.headers)
    assert anew.json["data"] != first.json["data"]
    assert anew.headers["ETag"] != first.headers["ETag"]


def test_a_cached_page_supports_conditional_requests(make_client, learner):
    client = make_client(page_seconds=LONG)
    tag = client.get(BOARD).headers["ETag"]
    add_score(client, learner)
    assert client.get(BOARD, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(BOARD, headers={"If-None-Match": tag, **learner.headers}).status_code == 200


def test_each_query_has_its_own_cached_page(make_client, learner, other):
    client = make_client(page_seconds=LONG)
    for who in (learner, other):
        add_score(client, who)
    pages = {
        address: [
            place["user_id"] for place in client.get(f"/leaderboard?exercise_ids={address}").json["data"]["leaderboard"]
        ]
        for address in ("2,3", "3,2", "2,3&limit=1", "2,3&limit=2", "3,4")
    }
    assert pages == {
        "2,3": [NOISE_USER, learner.id, other.id],
        "3,2": [NOISE_USER, learner.id, other.id],
        "2,3&limit=1": [NOISE_USER],
        "2,3&limit=2": [NOISE_USER, learner.id],
        "3,4": [],
    }
    following = client.get("/leaderboard?exercise_ids=2,3&limit=1").json["next"]
    assert client.get(following).json["data"]["leaderboard"][0]["user_id"] == learner.id


def test_anonymous_callers_read_nothing_where_scores_are_not_public(make_client, learner, grader):
    client = make_client(page_seconds=LONG, SCORES_PUBLIC=False)
    add_score(client, learner)
    whole = client.get(BOARD, headers=grader.headers).json["data"]["leaderboard"]
    own = client.get(BOARD, headers=learner.headers).json["data"]["leaderboard"]
    assert [place["user_id"] for place in own] == [learner.id]
    assert len(whole) > 1
    assert client.get(BOARD).status_code == 403


def test_the_cache_has_a_bounded_size(make_client, monkeypatch):
    monkeypatch.setattr(costly_reads, "CACHE_BYTES", 2000)
    client = make_client(page_seconds=LONG)
    for number in range(1, 40):
        assert client.get(f"{FILTERED}&limit={number}").status_code == 200
    cached = client.application.extensions["costly_reads"]._cache  # noqa: SLF001 - its size shows nowhere else
    assert cached.currsize <= 2000


@pytest.mark.parametrize(
    ("names", "is_costly"),
    [
        ((), False),
        (("cursor",), False),
        (("exercise_id", "cursor"), False),
        (("user_id", "since"), False),
        (("owner", "correct"), False),
        (("holder", "updated_since"), False),
        (("correct",), True),
        (("since", "cursor"), True),
        (("exercise_id", "until"), True),
        (("updated_since",), True),
    ],
)
def test_a_page_of_scores_is_costly_if_no_index_fits_its_filters(names, is_costly):
    assert page_of_scores(*names).costly is is_costly


def test_boards_without_a_summary_are_costly():
    assert [statement.costly for statement in (boards.COMPUTED_PAGE, boards.COMPUTED_ME)] == [True] * 2
    assert [statement.costly for statement in (boards.PAGE, boards.ME)] == [False] * 2
