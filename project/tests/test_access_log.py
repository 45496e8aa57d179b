"""The lines of the access log."""

import json
import threading

import pytest

from project.operations import access_log, observability
from project.operations.access_log import MAX_PIECE, BufferedWriter, as_json
from project.tests.servers import DEADLINE_SECONDS, wait_for

VOLATILE = {"milliseconds", "timestamp"}


@pytest.fixture
def written(monkeypatch):
    """Return the pieces that are written."""
    pieces = []
    monkeypatch.setattr(access_log, "write", pieces.append)
    return pieces


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_line_equals_the_one_of_structlog(form, make_app, capfd, monkeypatch):
    def line():
        client.get("/users/1?secret=1", headers={"X-Request-ID": "r1"})
        (found,) = (line for line in capfd.readouterr().err.splitlines() if "r1" in line)
        if form == "json":
            return {name: value for name, value in json.loads(found).items() if name not in VOLATILE}
        return [word for word in found.split()[1:] if not word.startswith("milliseconds=")]

    client = make_app(LOG_FORMAT=form).test_client()
    ours = line()
    monkeypatch.setattr(observability.access_log, "render", None)
    assert ours == line()


def test_lines_are_written_soon_and_whole_in_pieces_that_a_pipe_keeps_together(written):
    writer = BufferedWriter()
    lines = [as_json("x", {"path": f"/{number}" + "x" * (number % 300)}) for number in range(500)]
    for line in lines:
        writer.write(line)
    wait_for(lambda: sum(map(len, written)) == sum(map(len, lines)), "the lines")
    assert b"".join(written) == b"".join(lines)
    assert len(written) < len(lines) / 4
    assert all(len(piece) <= MAX_PIECE and piece.endswith(b"\n") for piece in written)


def test_a_line_longer_than_a_piece_is_written(written):
    writer = BufferedWriter()
    writer.write(b"x" * (2 * MAX_PIECE) + b"\n")
    writer.write(b"y\n")
    wait_for(lambda: b"y" in b"".join(written), "the lines")
    assert b"".join(written) == b"x" * (2 * MAX_PIECE) + b"\ny\n"


def test_a_closed_standard_error_does_not_stop_the_writer(written, monkeypatch):
    def fail(_):
        raise BrokenPipeError

    writer = BufferedWriter()
    with monkeypatch.context() as broken:
        broken.setattr(access_log, "write", fail)
        writer.write(b"lost\n")
        writer.flush()
    writer.write(b"seen\n")
    wait_for(lambda: b"seen\n" in written, "the line")


def test_lines_are_written_when_buffering_ends(written, monkeypatch):
    monkeypatch.setattr(access_log, "BUFFER_SECONDS", 3600)
    log = access_log.AccessLog()
    with log.buffered():
        log.write(b"last\n")
        assert written == []
    assert written == [b"last\n"]


def test_what_the_thread_is_writing_is_waited_for_when_buffering_ends(monkeypatch):
    began, may_end, written = threading.Event(), threading.Event(), []

    def write_slowly(piece):
        began.set()
        may_end.wait(DEADLINE_SECONDS)
        written.append(piece)

    monkeypatch.setattr(access_log, "write", write_slowly)
    log = access_log.AccessLog()
    with log.buffered():
        log.write(b"last\n")
        began.wait(DEADLINE_SECONDS)
        threading.Timer(0.1, may_end.set).start()
    assert written == [b"last\n"]


def test_a_process_ends_though_nobody_reads_its_standard_error(monkeypatch):
    began, may_end = threading.Event(), threading.Event()

    def block(_):
        began.set()
        may_end.wait(DEADLINE_SECONDS)

    monkeypatch.setattr(access_log, "write", block)
    monkeypatch.setattr(access_log, "STOP_SECONDS", 0.01)
    log = access_log.AccessLog()
    with log.buffered():
        log.write(b"lost\n")
        began.wait(DEADLINE_SECONDS)
    may_end.set()


def test_lines_after_a_pause_are_written(written):
    writer = BufferedWriter()
    for number in range(3):
        writer.write(b"%d\n" % number)
        wait_for(lambda n=number: b"%d\n" % n in b"".join(written), "the line")
