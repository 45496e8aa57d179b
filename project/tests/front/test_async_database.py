"""Statements on the event loop, also when their connection is lost."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from project.front.async_database import AsyncDatabase
from project.postgres.prepared import Statement, array

PLUS_ONE = Statement("SELECT CAST(:n AS integer) + 1", only_reads=True)
BACKEND_PID = Statement("SELECT pg_backend_pid()", only_reads=True)
WRITING_PID = Statement("SELECT pg_backend_pid()")
INSERT = Statement("INSERT INTO exercise_sets (name) VALUES (:name) RETURNING name")
SLEEP = Statement("SELECT pg_sleep(60)")
READING_SLEEP = Statement("SELECT pg_backend_pid(), pg_sleep(:seconds)", only_reads=True)
TERMINATE = Statement("SELECT pg_terminate_backend(CAST(:pid AS integer), 10000)")
TERMINATE_SLEEPING = Statement("""
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND query LIKE '%pg_sleep(%' AND pid <> pg_backend_pid() AND state = 'active'
""")
SLEEPING = Statement("SELECT FROM pg_stat_activity WHERE pid = :pid AND query LIKE '%pg_sleep(%' AND state = 'active'")
COUNT_TEXTS = Statement("SELECT count(*) FROM unnest(CAST(:texts AS text[]))", only_reads=True)
LONG_ROWS = Statement("SELECT repeat('x', 1000) FROM generate_series(1, CAST(:rows AS integer))", only_reads=True)


def pid(rows):
    return int(rows[0][0])


def test_a_statement_returns_its_rows_and_keeps_its_connection(runner, make_database):
    async def run(database):
        first = await database.rows(BACKEND_PID, {})
        assert await database.rows(PLUS_ONE, {"n": 41}) == [[b"42"]]
        assert await database.rows(BACKEND_PID, {}) == first

    runner.run(run(make_database(2)))


def test_a_statement_that_fails_raises_and_leaves_the_connection_usable(runner, make_database):
    async def run(database):
        before = await database.rows(BACKEND_PID, {})
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            await database.rows(PLUS_ONE, {"n": "many"})
        assert await database.rows(BACKEND_PID, {}) == before

    runner.run(run(make_database(2)))


def test_a_statement_with_a_timeout_of_its_own_is_cancelled(runner, make_database):
    async def run(database):
        with pytest.raises(psycopg.errors.QueryCanceled):
            await database.rows(SLEEP.with_timeout(20), {})
        assert await database.rows(PLUS_ONE.with_timeout(5000), {"n": 1}) == [[b"2"]]

    runner.run(run(make_database(2)))


def test_a_statement_and_rows_larger_than_the_socket_buffers_are_sent_and_received(runner, make_database):
    async def run(database):
        texts = array(["x" * 1000] * 20_000)
        assert await database.rows(COUNT_TEXTS, {"texts": texts}) == [[b"20000"]]
        assert len(await database.rows(LONG_ROWS, {"rows": 20_000})) == 20_000

    runner.run(run(make_database(2)))


def test_the_number_of_connections_is_limited(runner, make_database):
    async def run(database):
        together = [database.rows(READING_SLEEP, {"seconds": 0.05}) for _ in range(8)]
        return {pid(rows) for rows in await asyncio.gather(*together)}

    assert len(runner.run(run(make_database(3)))) == 3


def test_a_connection_that_was_closed_while_idle_is_not_used_to_write(runner, make_database):
    async def run(database, other):
        before = await database.rows(WRITING_PID, {})
        await other.rows(TERMINATE, {"pid": pid(before)})
        assert await database.rows(INSERT, {"name": "loops"}) == [[b"loops"]]

    runner.run(run(make_database(1), make_database(1)))


def test_a_closed_connection_is_not_used_after_the_loop_has_read_its_end(runner, make_database):
    async def run(database, other):
        before = await database.rows(WRITING_PID, {})
        await other.rows(TERMINATE, {"pid": pid(before)})
        await asyncio.sleep(0)
        await other.rows(PLUS_ONE, {"n": 1})  # some iterations of the loop
        assert await database.rows(WRITING_PID, {}) != before

    runner.run(run(make_database(1), make_database(1)))


async def terminate_during(statement, values, database, other):
    """Run a statement that sleeps, and terminate its backend; return the task."""
    task = asyncio.create_task(database.rows(statement, values))
    await terminate_sleeping(other)
    return task


async def terminate_sleeping(other):
    while not await other.rows(TERMINATE_SLEEPING, {}):
        pass


def test_a_write_whose_connection_is_lost_raises_and_is_not_repeated(runner, make_database):
    async def run(database, other):
        task = await terminate_during(SLEEP, {}, database, other)
        with pytest.raises(psycopg.OperationalError):
            await task
        assert await other.rows(TERMINATE_SLEEPING, {}) == []
        assert await database.rows(PLUS_ONE, {"n": 1}) == [[b"2"]]

    runner.run(run(make_database(1), make_database(1)))


def test_a_read_whose_connection_is_lost_is_repeated_once(runner, make_database):
    async def run(database, other):
        task = await terminate_during(READING_SLEEP, {"seconds": 60}, database, other)
        await terminate_sleeping(other)  # of the second attempt
        with pytest.raises(psycopg.OperationalError):
            await task

    runner.run(run(make_database(1), make_database(1)))


def test_the_rows_of_a_cancelled_statement_are_not_returned_by_the_next_one(runner, make_database):
    async def run(database, other):
        before = await database.rows(BACKEND_PID, {})
        task = asyncio.create_task(database.rows(READING_SLEEP, {"seconds": 60}))
        while not await other.rows(SLEEPING, {"pid": pid(before)}):
            pass
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await database.rows(PLUS_ONE, {"n": 1}) == [[b"2"]]
        await terminate_sleeping(other)

    runner.run(run(make_database(1), make_database(1)))


def test_without_prepared_statements_the_rows_are_the_same(runner, make_app, tmp_path):
    async def run(database):
        assert await database.rows(PLUS_ONE, {"n": 1}) == [[b"2"]]
        assert await database.rows(PLUS_ONE, {"n": None}) == [[None]]
        database.close()

    with ThreadPoolExecutor(1) as threads:
        settings = make_app().config | {"DATABASE_PREPARES": False}
        runner.run(run(AsyncDatabase(settings, threads, 1)))
