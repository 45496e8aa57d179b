"""Reads that arrive at the same time share a statement, and each returns what it would return alone."""

import asyncio
import gc

import psycopg
import pytest

from project.front.read_batches import ReadBatches
from project.postgres.prepared import Statement

COUNT = Statement("SELECT n, 12 / n FROM generate_series(1, :upto) AS n LIMIT 3", types={"upto": "integer"})
FAILS_AT_ZERO = Statement("SELECT 12 / CAST(:n AS integer)", types={"n": "integer"})
READS = 8


class HeldDatabase:
    """A database that runs statements once `allowed` is set, and records them."""

    def __init__(self, database):
        self.database, self.ran, self.errors = database, [], {}
        self.allowed = asyncio.Event()

    async def rows(self, statement, values):
        self.ran.append(statement)
        await self.allowed.wait()
        if statement in self.errors:
            raise self.errors[statement]
        return await self.database.rows(statement, values)


@pytest.fixture
def held(make_database):
    return HeldDatabase(make_database(2))


@pytest.fixture
def read(held, runner):
    """Read with the first values, and with the others while that runs; return all results."""
    batches = ReadBatches(held)

    async def read_all(statement, values):
        held.allowed.clear()
        reads = [asyncio.ensure_future(batches.rows(statement, values[0]))]
        await asyncio.sleep(0)  # it is submitted,
        await asyncio.sleep(0)  # and its batch starts
        reads += [asyncio.ensure_future(batches.rows(statement, one)) for one in values[1:]]
        await asyncio.sleep(0)
        held.allowed.set()
        return await asyncio.gather(*reads, return_exceptions=True)

    return lambda statement, values: runner.run(read_all(statement, values))


def test_each_read_returns_its_own_rows_in_order(held, read):
    results = read(COUNT, [{"upto": upto} for upto in range(READS)])
    expected = [[[b"%d" % n, b"%d" % (12 // n)] for n in range(1, min(upto, 3) + 1)] for upto in range(READS)]
    assert results == expected
    assert held.ran == [COUNT, COUNT.batched]


def test_equal_reads_are_sent_once(held, read):
    results = read(COUNT, [{"upto": upto} for upto in (1, 2, 2, 2)])
    assert results == [[[b"1", b"12"]], *[[[b"1", b"12"], [b"2", b"6"]]] * 3]
    assert held.ran == [COUNT, COUNT]  # no batch: the reads are equal
    results = read(COUNT, [{"upto": upto} for upto in (1, 2, 1, 2)])
    assert results == [[[b"1", b"12"]], [[b"1", b"12"], [b"2", b"6"]]] * 2
    assert held.ran[2:] == [COUNT, COUNT.batched]


def test_a_read_that_fails_does_not_fail_the_others_of_its_batch(held, read):
    results = read(FAILS_AT_ZERO, [{"n": n} for n in (1, 2, 0, 4)])
    assert isinstance(results[2], psycopg.errors.DivisionByZero)
    assert results[:2] + results[3:] == [[[b"12"]], [[b"6"]], [[b"3"]]]
    assert held.ran == [FAILS_AT_ZERO, FAILS_AT_ZERO.batched, *[FAILS_AT_ZERO] * 3]


def test_a_batch_is_not_repeated_when_the_connection_is_lost(held, read):
    held.errors[COUNT.batched] = psycopg.OperationalError("gone")
    results = read(COUNT, [{"upto": upto} for upto in (1, 1, 2, 3)])
    assert [type(one) for one in results[1:]] == [psycopg.OperationalError] * 3
    assert held.ran == [COUNT, COUNT.batched]


def test_a_statement_that_the_database_cannot_batch_is_sent_alone_from_then_on(held, read):
    held.errors[COUNT.batched] = psycopg.errors.FeatureNotSupported("not over several nodes")
    one, two = [b"1", b"12"], [b"2", b"6"]
    assert read(COUNT, [{"upto": upto} for upto in (1, 1, 2)]) == [[one], [one], [one, two]]
    assert read(COUNT, [{"upto": upto} for upto in (1, 2)]) == [[one], [one, two]]
    assert held.ran == [COUNT, COUNT.batched, COUNT, COUNT, COUNT, COUNT]


def test_a_statement_without_types_is_sent_alone(held, read):
    alone = Statement("SELECT CAST(:n AS integer)")
    assert read(alone, [{"n": n} for n in range(3)]) == [[[b"%d" % n]] for n in range(3)]
    assert held.ran == [alone] * 3


def test_equal_reads_that_are_not_batched_share_one_query_that_starts_after_them(held, read):
    alone = Statement("SELECT CAST(:n AS integer)")
    assert read(alone, [{"n": n} for n in (1, 1, 2, 1, 2)]) == [[[b"%d" % n]] for n in (1, 1, 2, 1, 2)]
    assert held.ran == [alone] * 3  # the first, one for the equal reads during it, and the one for 2
    held.errors[alone] = psycopg.OperationalError("gone")
    results = read(alone, [{"n": 1}] * 3)
    assert [type(one) for one in results] == [psycopg.OperationalError] * 3
    del held.errors[alone]
    assert read(alone, [{"n": 1}]) == [[[b"1"]]]


def test_the_error_of_a_shared_query_is_not_logged_when_all_its_reads_were_cancelled(held, runner):
    logged = []
    alone = Statement("SELECT CAST(:n AS integer)")
    held.errors[alone] = psycopg.OperationalError("gone")
    batches = ReadBatches(held)

    async def cancel_all():
        asyncio.get_running_loop().set_exception_handler(lambda _, context: logged.append(context["message"]))
        reads = [asyncio.ensure_future(batches.rows(alone, {"n": 1})) for _ in range(2)]
        await asyncio.sleep(0)  # the query starts
        for read in reads:
            read.cancel()
        await asyncio.wait(reads)
        held.allowed.set()
        await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()})

    runner.run(cancel_all())
    held.errors.clear()  # its traceback refers to the task
    gc.collect()  # asyncio logs an error that was never retrieved when the task is deleted
    assert held.ran == [alone]
    assert logged == []
