"""Reads that come at the same time are asked together, and each gets what it would get alone."""

import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from project.prepared import Prepared, Statement
from project.reading_together import ReadingTogether
from project.tests.servers import wait_for

COUNT = Statement("SELECT n, 12 / n FROM generate_series(1, :upto) AS n LIMIT 3", types={"upto": "integer"})
FAILS_AT_ZERO = Statement("SELECT 12 / CAST(:n AS integer)", types={"n": "integer"})
WAITS = 8


class Slow:
    """A database that runs no statement before it may, and notes which it ran."""

    def __init__(self, database):
        self.database, self.ran, self.errors = database, [], {}
        self.may_run, self.begun = threading.Semaphore(0), threading.Semaphore(0)

    def rows(self, statement, values):
        self.ran.append(statement)
        self.begun.release()
        self.may_run.acquire()
        if statement in self.errors:
            raise self.errors[statement]
        return self.database.rows(statement, values)


@pytest.fixture
def slow(app):
    prepared = Prepared(app.config)
    with app.app_context():
        yield Slow(prepared)
    prepared.dispose()


@pytest.fixture
def threads(app):
    def in_context():
        app.app_context().push()

    with ThreadPoolExecutor(WAITS + 1, initializer=in_context) as pool:
        yield pool


def ask(slow, threads, statement, values):
    """Ask for the first values, and for the others while the first are asked for; return the futures."""
    together = ReadingTogether(slow)
    first = threads.submit(together.rows, statement, values[0])
    slow.begun.acquire()
    futures = [first]
    queue = together._batchers[statement]._queue  # noqa: SLF001
    for one in values[1:]:
        futures.append(threads.submit(together.rows, statement, one))
        wait_for(lambda: len(queue) == len(futures) - 1, "the read in the queue")
    slow.may_run.release(1000)
    return together, futures


def test_each_gets_its_own_rows_in_their_order(slow, threads):
    _, futures = ask(slow, threads, COUNT, [{"upto": upto} for upto in range(WAITS)])
    expected = [[[b"%d" % n, b"%d" % (12 // n)] for n in range(1, min(upto, 3) + 1)] for upto in range(WAITS)]
    assert [future.result() for future in futures] == expected
    assert slow.ran == [COUNT, COUNT.for_many]


def test_one_that_is_refused_does_not_fail_its_neighbours(slow, threads):
    _, futures = ask(slow, threads, FAILS_AT_ZERO, [{"n": n} for n in (1, 2, 0, 4)])
    raised = [future.exception() for future in futures]
    assert [type(error) for error in raised] == [type(None), type(None), psycopg.errors.DivisionByZero, type(None)]
    assert futures[3].result() == [[b"3"]]
    assert slow.ran == [FAILS_AT_ZERO, FAILS_AT_ZERO.for_many, *[FAILS_AT_ZERO] * 3]


def test_a_server_that_is_gone_is_asked_no_more(slow, threads):
    slow.errors[COUNT.for_many] = psycopg.OperationalError("gone")
    _, futures = ask(slow, threads, COUNT, [{"upto": 1}] * 4)
    assert [type(future.exception()) for future in futures[1:]] == [psycopg.OperationalError] * 3
    assert slow.ran == [COUNT, COUNT.for_many]


def test_what_a_database_does_not_know_to_do_for_many_is_asked_alone_from_then_on(slow, threads):
    slow.errors[COUNT.for_many] = psycopg.errors.FeatureNotSupported("not over several nodes")
    together, futures = ask(slow, threads, COUNT, [{"upto": 1}] * 3)
    assert [future.result() for future in futures] == [[[b"1", b"12"]]] * 3
    assert together.rows(COUNT, {"upto": 1}) == [[b"1", b"12"]]
    assert slow.ran == [COUNT, COUNT.for_many, COUNT, COUNT, COUNT]


def test_a_statement_that_says_no_types_is_asked_alone(slow):
    slow.may_run.release()
    alone = Statement("SELECT CAST(:n AS integer)")
    assert ReadingTogether(slow).rows(alone, {"n": 7}) == [[b"7"]]
