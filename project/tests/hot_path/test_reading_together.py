"""Reads that come at the same time are asked together, and each gets what it would get alone."""

import threading
from concurrent.futures import Future

import psycopg
import pytest

from project.prepared import Prepared, Statement
from project.questions import Question
from project.reading_together import ReadingTogether

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


def ask(slow, statement, values):
    """Ask for the first values, and for the others while the first are asked for; return what each was told."""
    together = ReadingTogether(slow)
    told = [Future() for _ in values]

    def ask_one(one, future):
        together.ask(Question(statement, one, list)).submit(future.set_result)

    first = threading.Thread(target=ask_one, args=(values[0], told[0]))
    first.start()
    slow.begun.acquire()
    for one, future in zip(values[1:], told[1:], strict=True):
        ask_one(one, future)
    slow.may_run.release(1000)
    first.join()
    return together, [future.result(timeout=0) for future in told]


def test_each_gets_its_own_rows_in_their_order(slow):
    _, told = ask(slow, COUNT, [{"upto": upto} for upto in range(WAITS)])
    expected = [[[b"%d" % n, b"%d" % (12 // n)] for n in range(1, min(upto, 3) + 1)] for upto in range(WAITS)]
    assert told == expected
    assert slow.ran == [COUNT, COUNT.for_many]


def test_one_that_is_refused_does_not_fail_its_neighbours(slow):
    _, told = ask(slow, FAILS_AT_ZERO, [{"n": n} for n in (1, 2, 0, 4)])
    assert isinstance(told[2], psycopg.errors.DivisionByZero)
    assert told[:2] + told[3:] == [[[b"12"]], [[b"6"]], [[b"3"]]]
    assert slow.ran == [FAILS_AT_ZERO, FAILS_AT_ZERO.for_many, *[FAILS_AT_ZERO] * 3]


def test_a_server_that_is_gone_is_asked_no_more(slow):
    slow.errors[COUNT.for_many] = psycopg.OperationalError("gone")
    _, told = ask(slow, COUNT, [{"upto": 1}] * 4)
    assert [type(one) for one in told[1:]] == [psycopg.OperationalError] * 3
    assert slow.ran == [COUNT, COUNT.for_many]


def test_what_a_database_does_not_know_to_do_for_many_is_asked_alone_from_then_on(slow):
    slow.errors[COUNT.for_many] = psycopg.errors.FeatureNotSupported("not over several nodes")
    together, told = ask(slow, COUNT, [{"upto": 1}] * 3)
    assert told == [[[b"1", b"12"]]] * 3
    assert together.ask(Question(COUNT, {"upto": 1}, list)) == [[b"1", b"12"]]
    assert slow.ran == [COUNT, COUNT.for_many, COUNT, COUNT, COUNT]


def test_a_statement_that_says_no_types_is_asked_alone(slow):
    slow.may_run.release()
    alone = Statement("SELECT CAST(:n AS integer)")
    assert ReadingTogether(slow).ask(Question(alone, {"n": 7}, list)) == [[b"7"]]
