"""How the lines of requests are written."""

import json

import pytest

from project.operations import observability, request_lines
from project.operations.request_lines import PIECE, Together, as_json
from project.tests.servers import wait_for

VOLATILE = {"milliseconds", "timestamp"}


@pytest.fixture
def written(monkeypatch):
    """Return the pieces that are written."""
    pieces = []
    monkeypatch.setattr(request_lines, "write", pieces.append)
    return pieces


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_line_is_the_one_that_structlog_would_write(form, make_app, capfd, monkeypatch):
    def line():
        client.get("/users/1?secret=1", headers={"X-Request-ID": "r1"})
        (found,) = (line for line in capfd.readouterr().err.splitlines() if "r1" in line)
        if form == "json":
            return {name: value for name, value in json.loads(found).items() if name not in VOLATILE}
        return [word for word in found.split()[1:] if not word.startswith("milliseconds=")]

    client = make_app(LOG_FORMAT=form).test_client()
    ours = line()
    monkeypatch.setattr(observability.lines, "render", None)
    assert ours == line()


def test_lines_are_written_soon_and_whole_in_pieces_that_a_pipe_keeps_together(written):
    together = Together()
    lines = [as_json("x", {"path": f"/{number}" + "x" * (number % 300)}) for number in range(500)]
    for line in lines:
        together.write(line)
    wait_for(lambda: sum(map(len, written)) == sum(map(len, lines)), "the lines")
    assert b"".join(written) == b"".join(lines)
    assert len(written) < len(lines) / 4
    assert all(len(piece) <= PIECE and piece.endswith(b"\n") for piece in written)


def test_a_long_line_is_written_too(written):
    together = Together()
    together.write(b"x" * (2 * PIECE) + b"\n")
    together.write(b"y\n")
    wait_for(lambda: b"y" in b"".join(written), "the lines")
    assert b"".join(written) == b"x" * (2 * PIECE) + b"\ny\n"


def test_a_log_that_nobody_reads_any_more_ends_nothing(written, monkeypatch):
    def fail(_):
        raise BrokenPipeError

    together = Together()
    with monkeypatch.context() as broken:
        broken.setattr(request_lines, "write", fail)
        together.write(b"lost\n")
        together.flush()
    together.write(b"seen\n")
    wait_for(lambda: b"seen\n" in written, "the line")


def test_what_comes_after_a_pause_is_written_as_well(written):
    together = Together()
    for number in range(3):
        together.write(b"%d\n" % number)
        wait_for(lambda n=number: b"%d\n" % n in b"".join(written), "the line")
