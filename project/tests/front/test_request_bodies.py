"""Bodies as the front reads them: whole ones for Flask, in time, and few at once."""

import asyncio
import gc
import weakref
from contextlib import contextmanager

import pytest
from werkzeug.exceptions import ClientDisconnected

from project.front import bodies
from project.front.bodies import Bodies, Body, Incoming
from project.tests.front.rsgi_client import Connection
from project.web.concurrency import Busy
from project.web.errors import BodyTooSlow

LIMIT = 200_000
NEVER = None  # a piece that does not come


class Client(Connection):
    """Sends pieces of a body. After NEVER it sends nothing more."""

    def __aiter__(self):
        return self

    def __anext__(self):
        """Return a future, as granian does: the traceback of its error has no frame that refers to this object."""
        future = asyncio.get_running_loop().create_future()
        if not self.pieces:
            future.set_exception(StopAsyncIteration())
        elif self.pieces[0] is not NEVER:
            future.set_result(self.pieces.pop(0))
        return future


class CutOff(Client):
    """Goes before the end."""

    async def __call__(self):
        raise RuntimeError("closed")


def read(client, length=None, seconds=60, reader=None, **headers):
    """Return the body that a client sends; `length` is None where it sends chunks."""
    reader = reader or Bodies({"MAX_CONTENT_LENGTH": LIMIT, "BODY_SECONDS": seconds}, {"/streamed"})
    said = {"HTTP_TRANSFER_ENCODING": "chunked"} if length is None else {"CONTENT_LENGTH": str(length)}
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/", **said, **headers}
    return asyncio.run(reader.read(environ, client))


@pytest.mark.parametrize("size", [1, 1000, bodies.SMALL_BYTES, bodies.SMALL_BYTES + 1, LIMIT])
@pytest.mark.parametrize("chunked", [True, False])
def test_a_body_is_whole(size, chunked):
    pieces = [b"x" * (size // 2), b"y" * (size - size // 2)]
    assert read(Client(pieces), None if chunked else size).bytes == b"".join(pieces)


def test_without_a_length_there_is_no_body():
    client = Client([NEVER])
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/"}
    body = asyncio.run(Bodies({"MAX_CONTENT_LENGTH": 1, "BODY_SECONDS": 60}, ()).read(environ, client))
    assert body.bytes == b""


@pytest.mark.parametrize("length", [None, 100, LIMIT])
def test_a_body_that_does_not_come_in_time_is_refused(length):
    with pytest.raises(BodyTooSlow):
        read(Client([b"x", NEVER]), length, seconds=0.01)


@pytest.mark.parametrize("length", [100, LIMIT])
def test_a_body_that_is_cut_off_is_not_taken_for_a_whole_one(length):
    with pytest.raises(ClientDisconnected):
        read(CutOff([b"x"]), length)
    with pytest.raises(ClientDisconnected):
        read(Client([b"x"]), length)


STREAMED = {
    "too long, by its length": (LIMIT + 1, {}),
    "announced": (5, {"HTTP_EXPECT": "100-continue"}),
    "for a view that reads it itself": (5, {"PATH_INFO": "/streamed"}),
}


@pytest.mark.parametrize(("length", "headers"), STREAMED.values(), ids=STREAMED)
def test_flask_decides_first_about_others_and_nothing_is_read_before(length, headers):
    assert isinstance(read(Client([NEVER]), length, **headers), Incoming)


def test_chunks_that_become_too_many_are_streamed_from_the_first_on():
    pieces = [b"%d" % (number % 10) * 50_000 for number in range(10)]

    async def all_of(incoming):
        return [piece async for piece in pieces_of(incoming)]

    async def pieces_of(incoming):
        while piece := await incoming.next():
            yield piece

    async def read_and_collect():
        reader = Bodies({"MAX_CONTENT_LENGTH": LIMIT, "BODY_SECONDS": 60}, ())
        environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/", "HTTP_TRANSFER_ENCODING": "chunked"}
        return await all_of(await reader.read(environ, Client(pieces)))

    assert asyncio.run(read_and_collect()) == pieces


def test_long_bodies_take_a_bounded_memory_and_give_it_back(monkeypatch):
    monkeypatch.setattr(bodies, "MOST_BYTES", 2 * LIMIT)
    reader = Bodies({"MAX_CONTENT_LENGTH": LIMIT, "BODY_SECONDS": 60}, ())
    held = [read(Client([b"x" * LIMIT]), LIMIT, reader=reader) for _ in range(2)]
    with pytest.raises(Busy):
        read(Client([b"x" * LIMIT]), LIMIT, reader=reader)
    held[0].release()
    with pytest.raises(ClientDisconnected):  # and what it took is given back, too
        read(Client([b"x" * (LIMIT - 1)]), LIMIT, reader=reader)
    assert isinstance(read(Client([b"x" * LIMIT]), LIMIT, reader=reader), Body)


def discard(client):
    incoming = Incoming(client)
    asyncio.run(incoming.discard())
    return incoming


def test_what_was_not_read_is_discarded_unless_it_is_too_much(monkeypatch):
    monkeypatch.setattr(bodies, "DISCARDED_BYTES", 100)
    taken = []

    class Counting(Client):
        async def __aiter__(self):
            for piece in self.pieces:
                taken.append(piece)
                yield piece

    discard(Counting([b"x" * 10] * 5))
    assert len(taken) == 5
    taken.clear()
    discard(Counting([b"x" * 10] * 50))
    assert len(taken) == 10


def test_what_does_not_come_is_not_waited_for_to_be_discarded(monkeypatch):
    monkeypatch.setattr(bodies, "DISCARD_SECONDS", 0.01)
    discard(Client([b"x", NEVER]))


@pytest.mark.parametrize("settings", [{}, {"HOT_PATH": False}])
def test_a_stalled_body_is_a_408_in_the_form_of_all_errors(settings, learner, make_app, make_front):
    client = make_front(make_app(BODY_SECONDS=1, **settings))
    stalled = Client([b'{"exercise_id"', NEVER])
    answer = client.send(stalled, 40, headers=learner.headers)
    assert (answer.status_code, answer.json["status"], answer.json["message"]) == (
        408,
        "fail",
        "The request body was not received in time.",
    )
    assert answer.headers["Connection"] == "close"
    assert answer.headers["X-Request-ID"] == answer.json["request_id"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@contextmanager
def without_garbage_collection():
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


BULK = {"path": "/scores/bulk", "method": "POST", "content_type": "application/x-ndjson"}
ABANDONED = {
    "a whole body that stalls": (Client, 40, {}, 408),
    "a long body that stalls": (Client, bodies.SMALL_BYTES + 1, {}, 408),
    "a body that is cut off": (CutOff, 40, {}, 400),
    "a bulk load that stalls": (Client, 40, BULK, 408),
    "a bulk load that is refused": (Client, 40, BULK | {"content_type": "text/html"}, 415),
    "a body that is too long": (Client, 10**8, {}, 413),
}


@pytest.mark.parametrize(("kind", "length", "options", "status"), ABANDONED.values(), ids=ABANDONED)
def test_nothing_refers_to_an_abandoned_body_after_its_response(
    kind, length, options, status, grader, make_app, make_front, monkeypatch
):
    """As long as anything does, granian does not see that the client has gone, and keeps the connection."""
    monkeypatch.setattr(bodies, "DISCARD_SECONDS", 0.01)
    front = make_front(make_app(BODY_SECONDS=1, TRANSFER_STALL_SECONDS=1))
    client = kind([b"1", NEVER])
    connection = weakref.ref(client)
    with without_garbage_collection():
        assert front.send(client, length, headers=grader.headers, **options).status_code == status
        del client
        assert connection() is None


def test_a_body_over_the_limit_is_a_413_and_a_stranger_is_refused_before(learner, make_app, make_front):
    client = make_front(make_app(MAX_CONTENT_LENGTH=100))
    body = {"method": "POST", "data": b"{%b}" % (b" " * 200), "content_type": "application/json"}
    assert client.open("/scores", headers=learner.headers, **body).status_code == 413
    assert client.open("/scores", **body).status_code == 403


def test_what_waits_for_flask_is_bounded(make_app, make_front, monkeypatch):
    monkeypatch.setattr("project.front.request_threads.MOST_WAITING", -1000)
    answer = make_front(make_app()).get("/health", headers={"X-Request-ID": "r1"})
    assert (answer.status_code, answer.json["status"], answer.json["request_id"]) == (503, "error", "r1")
    assert answer.headers["Retry-After"] == "1"
    assert answer.headers["X-Frame-Options"] == "DENY"
