"""Reads that come at the same time are sent together, and each gets what it would get alone."""

import asyncio

import psycopg
import pytest

from project.front.read_batches import ReadBatches
from project.postgres.prepared import Statement

COUNT = Statement("SELECT n, 12 / n FROM generate_series(1, :upto) AS n LIMIT 3", types={"upto": "integer"})
FAILS_AT_ZERO = Statement("SELECT 12 / CAST(:n AS integer)", types={"n": "integer"})
WAITS = 8


class Slow:
    """A database that runs no statement before it may, and notes which it ran."""

    def __init__(self, database):
        self.database, self.ran, self.errors = database, [], {}
        self.may_run = asyncio.Event()

    async def rows(self, statement, values):
        self.ran.append(statement)
        await self.may_run.wait()
        if statement in self.errors:
            raise self.errors[statement]
        return await self.database.rows(statement, values)


@pytest.fixture
def slow(make_database):
    return Slow(make_database(2))


@pytest.fixture
def read(slow, runner):
    """Read the first values, and the others while the first are read; return each result."""
    batches = ReadBatches(slow)

    async def read_all(statement, values):
        slow.may_run.clear()
        reads = [asyncio.ensure_future(batches.rows(statement, values[0]))]
        await asyncio.sleep(0)  # it is submitted,
        await asyncio.sleep(0)  # and its batch begins
        reads += [asyncio.ensure_future(batches.rows(statement, one)) for one in values[1:]]
        await asyncio.sleep(0)
        slow.may_run.set()
        return await asyncio.gather(*reads, return_exceptions=True)

    return lambda statement, values: runner.run(read_all(statement, values))


def test_each_gets_its_own_rows_in_their_order(slow, read):
    told = read(COUNT, [{"upto": upto} for upto in range(WAITS)])
    expected = [[[b"%d" % n, b"%d" % (12 // n)] for n in range(1, min(upto, 3) + 1)] for upto in range(WAITS)]
    assert told == expected
    assert slow.ran == [COUNT, COUNT.batched]


def test_what_several_want_is_read_once(slow, read):
    told = read(COUNT, [{"upto": upto} for upto in (1, 2, 2, 2)])
    assert told == [[[b"1", b"12"]], *[[[b"1", b"12"], [b"2", b"6"]]] * 3]
    assert slow.ran == [COUNT, COUNT]  # no batch: nothing else is wanted
    told = read(COUNT, [{"upto": upto} for upto in (1, 2, 1, 2)])
    assert told == [[[b"1", b"12"]], [[b"1", b"12"], [b"2", b"6"]]] * 2
    assert slow.ran[2:] == [COUNT, COUNT.batched]


def test_one_that_is_refused_does_not_fail_its_neighbours(slow, read):
    told = read(FAILS_AT_ZERO, [{"n": n} for n in (1, 2, 0, 4)])
    assert isinstance(told[2], psycopg.errors.DivisionByZero)
    assert told[:2] + told[3:] == [[[b"12"]], [[b"6"]], [[b"3"]]]
    assert slow.ran == [FAILS_AT_ZERO, FAILS_AT_ZERO.batched, *[FAILS_AT_ZERO] * 3]


def test_a_server_that_is_gone_is_not_queried_again(slow, read):
    slow.errors[COUNT.batched] = psycopg.OperationalError("gone")
    told = read(COUNT, [{"upto": upto} for upto in (1, 1, 2, 3)])
    assert [type(one) for one in told[1:]] == [psycopg.OperationalError] * 3
    assert slow.ran == [COUNT, COUNT.batched]


def test_what_a_database_cannot_do_for_many_is_read_alone_from_then_on(slow, read):
    slow.errors[COUNT.batched] = psycopg.errors.FeatureNotSupported("not over several nodes")
    one, two = [b"1", b"12"], [b"2", b"6"]
    assert read(COUNT, [{"upto": upto} for upto in (1, 1, 2)]) == [[one], [one], [one, two]]
    assert read(COUNT, [{"upto": upto} for upto in (1, 2)]) == [[one], [one, two]]
    assert slow.ran == [COUNT, COUNT.batched, COUNT, COUNT, COUNT, COUNT]


def test_a_statement_without_types_is_read_alone(slow, read):
    alone = Statement("SELECT CAST(:n AS integer)")
    assert read(alone, [{"n": n} for n in range(3)]) == [[[b"%d" % n]] for n in range(3)]
    assert slow.ran == [alone] * 3


def test_those_who_want_the_same_of_it_share_one_query_that_began_after_they_came(slow, read):
    alone = Statement("SELECT CAST(:n AS integer)")
    assert read(alone, [{"n": n} for n in (1, 1, 2, 1, 2)]) == [[[b"%d" % n]] for n in (1, 1, 2, 1, 2)]
    assert slow.ran == [alone] * 3  # the first; that of those who came while it ran; and the one for 2
    slow.errors[alone] = psycopg.OperationalError("gone")
    told = read(alone, [{"n": 1}] * 3)
    assert [type(one) for one in told] == [psycopg.OperationalError] * 3
    del slow.errors[alone]
    assert read(alone, [{"n": 1}]) == [[[b"1"]]]
