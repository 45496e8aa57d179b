"""Request bodies: the front reads them completely, in time, and within bounded memory."""

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
STALL = None  # in place of a piece


class Client(Connection):
    """Sends pieces of a body. After STALL it sends nothing more."""

    def __aiter__(self):
        return self

    def __anext__(self):
        """Return a future, as granian does: the traceback of its error has no frame that refers to this object."""
        future = asyncio.get_running_loop().create_future()
        if not self.pieces:
            future.set_exception(StopAsyncIteration())
        elif self.pieces[0] is not STALL:
            future.set_result(self.pieces.pop(0))
        return future


class CutOff(Client):
    """Disconnects before the end of the body."""

    async def __call__(self):
        raise RuntimeError("closed")


def read(client, length=None, seconds=60, reader=None, **headers):
    """Return the body that a client sends; without a `length` it is chunked."""
    reader = reader or Bodies({"MAX_CONTENT_LENGTH": LIMIT, "BODY_SECONDS": seconds}, {"/streamed"})
    framing = {"HTTP_TRANSFER_ENCODING": "chunked"} if length is None else {"CONTENT_LENGTH": str(length)}
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/", **framing, **headers}
    return asyncio.run(reader.read(environ, client))


@pytest.mark.parametrize("size", [1, 1000, bodies.SMALL_BYTES, bodies.SMALL_BYTES + 1, LIMIT])
@pytest.mark.parametrize("chunked", [True, False])
def test_a_body_is_read_completely(size, chunked):
    pieces = [b"x" * (size // 2), b"y" * (size - size // 2)]
    assert read(Client(pieces), None if chunked else size).bytes == b"".join(pieces)


def test_without_a_length_there_is_no_body():
    client = Client([STALL])
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/"}
    body = asyncio.run(Bodies({"MAX_CONTENT_LENGTH": 1, "BODY_SECONDS": 60}, ()).read(environ, client))
    assert body.bytes == b""


@pytest.mark.parametrize("length", [None, 100, LIMIT])
def test_a_body_that_is_not_received_in_time_is_rejected(length):
    with pytest.raises(BodyTooSlow):
        read(Client([b"x", STALL]), length, seconds=0.01)


@pytest.mark.parametrize("length", [100, LIMIT])
def test_a_body_that_is_cut_off_is_rejected(length):
    with pytest.raises(ClientDisconnected):
        read(CutOff([b"x"]), length)
    with pytest.raises(ClientDisconnected):
        read(Client([b"x"]), length)


STREAMED = {
    "too long, by its length": (LIMIT + 1, {}),
    "announced by Expect": (5, {"HTTP_EXPECT": "100-continue"}),
    "for a view that reads it itself": (5, {"PATH_INFO": "/streamed"}),
}


@pytest.mark.parametrize(("length", "headers"), STREAMED.values(), ids=STREAMED)
def test_other_bodies_are_streamed_and_not_read_before_flask_decides(length, headers):
    assert isinstance(read(Client([STALL]), length, **headers), Incoming)


def test_a_chunked_body_that_becomes_too_long_is_streamed_from_its_start():
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


def test_the_memory_for_long_bodies_is_bounded_and_released(monkeypatch):
    monkeypatch.setattr(bodies, "MAX_HELD_BYTES", 2 * LIMIT)
    reader = Bodies({"MAX_CONTENT_LENGTH": LIMIT, "BODY_SECONDS": 60}, ())
    held = [read(Client([b"x" * LIMIT]), LIMIT, reader=reader) for _ in range(2)]
    with pytest.raises(Busy):
        read(Client([b"x" * LIMIT]), LIMIT, reader=reader)
    held[0].release()
    with pytest.raises(ClientDisconnected):  # which releases its memory, too
        read(Client([b"x" * (LIMIT - 1)]), LIMIT, reader=reader)
    assert isinstance(read(Client([b"x" * LIMIT]), LIMIT, reader=reader), Body)


def discard(client):
    incoming = Incoming(client)
    asyncio.run(incoming.discard())
    return incoming


def test_an_unread_body_is_discarded_up_to_a_limit(monkeypatch):
    monkeypatch.setattr(bodies, "DISCARDED_BYTES", 100)
    received = []

    class Counting(Client):
        async def __aiter__(self):
            for piece in self.pieces:
                received.append(piece)
                yield piece

    discard(Counting([b"x" * 10] * 5))
    assert len(received) == 5
    received.clear()
    discard(Counting([b"x" * 10] * 50))
    assert len(received) == 10


def test_discarding_does_not_wait_for_a_stalled_client(monkeypatch):
    monkeypatch.setattr(bodies, "DISCARD_SECONDS", 0.01)
    discard(Client([b"x", STALL]))


@pytest.mark.parametrize("settings", [{}, {"HOT_PATH": False}])
def test_the_response_to_a_stalled_body_is_a_408_like_other_errors(settings, learner, make_app, make_front):
    client = make_front(make_app(BODY_SECONDS=1, **settings))
    stalled = Client([b'{"exercise_id"', STALL])
    response = client.send(stalled, 40, headers=learner.headers)
    assert (response.status_code, response.json["status"], response.json["message"]) == (
        408,
        "fail",
        "The request body was not received in time.",
    )
    assert response.headers["Connection"] == "close"
    assert response.headers["X-Request-ID"] == response.json["request_id"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


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
    "a short body that stalls": (Client, 40, {}, 408),
    "a long body that stalls": (Client, bodies.SMALL_BYTES + 1, {}, 408),
    "a body that is cut off": (CutOff, 40, {}, 400),
    "a bulk load that stalls": (Client, 40, BULK, 408),
    "a bulk load that is rejected": (Client, 40, BULK | {"content_type": "text/html"}, 415),
    "a body that is too long": (Client, 10**8, {}, 413),
}


@pytest.mark.parametrize(("kind", "length", "options", "status"), ABANDONED.values(), ids=ABANDONED)
def test_nothing_refers_to_an_abandoned_body_after_its_response(
    kind, length, options, status, grader, make_app, make_front, monkeypatch
):
    """Granian keeps the connection of a client that has disconnected as long as anything refers to the body."""
    monkeypatch.setattr(bodies, "DISCARD_SECONDS", 0.01)
    front = make_front(make_app(BODY_SECONDS=1, TRANSFER_STALL_SECONDS=1))
    client = kind([b"1", STALL])
    connection = weakref.ref(client)
    with without_garbage_collection():
        assert front.send(client, length, headers=grader.headers, **options).status_code == status
        del client
        assert connection() is None


def test_a_body_over_the_limit_is_a_413_after_authentication(learner, make_app, make_front):
    client = make_front(make_app(MAX_CONTENT_LENGTH=100))
    body = {"method": "POST", "data": b"{%b}" % (b" " * 200), "content_type": "application/json"}
    assert client.open("/scores", headers=learner.headers, **body).status_code == 413
    assert client.open("/scores", **body).status_code == 403


def test_the_queue_for_flask_is_bounded(make_app, make_front, monkeypatch):
    monkeypatch.setattr("project.front.request_threads.MAX_QUEUED", -1000)
    response = make_front(make_app()).get("/health", headers={"X-Request-ID": "r1"})
    assert (response.status_code, response.json["status"], response.json["request_id"]) == (503, "error", "r1")
    assert response.headers["Retry-After"] == "1"
    assert response.headers["X-Frame-Options"] == "DENY"
