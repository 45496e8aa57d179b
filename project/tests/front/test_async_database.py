"""Statements on the event loop, and what becomes of them when their connection ends."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from project.front.async_database import AsyncDatabase
from project.postgres.prepared import Statement, array

ONE = Statement("SELECT CAST(:n AS integer) + 1", only_reads=True)
SELF = Statement("SELECT pg_backend_pid()", only_reads=True)
SELF_TO_WRITE = Statement("SELECT pg_backend_pid()")
ADDED = Statement("INSERT INTO exercise_sets (name) VALUES (:name) RETURNING name")
SLEEP = Statement("SELECT pg_sleep(60)")
SLEEP_TO_READ = Statement("SELECT pg_backend_pid(), pg_sleep(:seconds)", only_reads=True)
END = Statement("SELECT pg_terminate_backend(CAST(:pid AS integer), 10000)")
END_WHO_SLEEPS = Statement("""
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND query LIKE '%pg_sleep(%' AND pid <> pg_backend_pid() AND state = 'active'
""")
SLEEPERS = Statement("SELECT FROM pg_stat_activity WHERE pid = :pid AND query LIKE '%pg_sleep(%' AND state = 'active'")
OF_MANY = Statement("SELECT count(*) FROM unnest(CAST(:texts AS text[]))", only_reads=True)
LONG = Statement("SELECT repeat('x', 1000) FROM generate_series(1, CAST(:rows AS integer))", only_reads=True)


def pid(rows):
    return int(rows[0][0])


def test_a_statement_returns_its_rows_and_keeps_its_connection(runner, make_database):
    async def run(database):
        first = await database.rows(SELF, {})
        assert await database.rows(ONE, {"n": 41}) == [[b"42"]]
        assert await database.rows(SELF, {}) == first

    runner.run(run(make_database(2)))


def test_a_statement_that_fails_raises_and_leaves_the_connection_usable(runner, make_database):
    async def run(database):
        before = await database.rows(SELF, {})
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            await database.rows(ONE, {"n": "many"})
        assert await database.rows(SELF, {}) == before

    runner.run(run(make_database(2)))


def test_a_time_limit_of_its_own_ends_a_statement(runner, make_database):
    async def run(database):
        with pytest.raises(psycopg.errors.QueryCanceled):
            await database.rows(SLEEP.with_timeout(20), {})
        assert await database.rows(ONE.with_timeout(5000), {"n": 1}) == [[b"2"]]

    runner.run(run(make_database(2)))


def test_more_than_a_socket_takes_is_sent_and_received(runner, make_database):
    async def run(database):
        texts = array(["x" * 1000] * 20_000)
        assert await database.rows(OF_MANY, {"texts": texts}) == [[b"20000"]]
        assert len(await database.rows(LONG, {"rows": 20_000})) == 20_000

    runner.run(run(make_database(2)))


def test_no_more_connections_are_made_than_may_be(runner, make_database):
    async def run(database):
        together = [database.rows(SLEEP_TO_READ, {"seconds": 0.05}) for _ in range(8)]
        return {pid(rows) for rows in await asyncio.gather(*together)}

    assert len(runner.run(run(make_database(3)))) == 3


def test_a_connection_that_ended_while_it_was_idle_is_not_used_to_write(runner, make_database):
    async def run(database, other):
        before = await database.rows(SELF_TO_WRITE, {})
        await other.rows(END, {"pid": pid(before)})
        assert await database.rows(ADDED, {"name": "loops"}) == [[b"loops"]]

    runner.run(run(make_database(1), make_database(1)))


def test_the_end_of_a_connection_is_seen_although_the_loop_has_read_it(runner, make_database):
    async def run(database, other):
        before = await database.rows(SELF_TO_WRITE, {})
        await other.rows(END, {"pid": pid(before)})
        await asyncio.sleep(0)
        await other.rows(ONE, {"n": 1})  # some turns of the loop
        assert await database.rows(SELF_TO_WRITE, {}) != before

    runner.run(run(make_database(1), make_database(1)))


async def end_while_it_sleeps(statement, values, database, other):
    """Run a statement that sleeps, and end its connection; return the task."""
    task = asyncio.create_task(database.rows(statement, values))
    await end_sleeper(other)
    return task


async def end_sleeper(other):
    while not await other.rows(END_WHO_SLEEPS, {}):
        pass


def test_a_write_whose_connection_is_lost_raises_and_is_not_repeated(runner, make_database):
    async def run(database, other):
        task = await end_while_it_sleeps(SLEEP, {}, database, other)
        with pytest.raises(psycopg.OperationalError):
            await task
        assert await other.rows(END_WHO_SLEEPS, {}) == []
        assert await database.rows(ONE, {"n": 1}) == [[b"2"]]

    runner.run(run(make_database(1), make_database(1)))


def test_a_read_whose_connection_is_lost_is_repeated_once(runner, make_database):
    async def run(database, other):
        task = await end_while_it_sleeps(SLEEP_TO_READ, {"seconds": 60}, database, other)
        await end_sleeper(other)  # it is run again
        with pytest.raises(psycopg.OperationalError):
            await task

    runner.run(run(make_database(1), make_database(1)))


def test_a_statement_that_is_given_up_leaves_its_rows_to_nobody(runner, make_database):
    async def run(database, other):
        before = await database.rows(SELF, {})
        task = asyncio.create_task(database.rows(SLEEP_TO_READ, {"seconds": 60}))
        while not await other.rows(SLEEPERS, {"pid": pid(before)}):
            pass
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await database.rows(ONE, {"n": 1}) == [[b"2"]]
        await end_sleeper(other)

    runner.run(run(make_database(1), make_database(1)))


def test_without_prepared_statements_the_rows_are_the_same(runner, make_app, tmp_path):
    async def run(database):
        assert await database.rows(ONE, {"n": 1}) == [[b"2"]]
        assert await database.rows(ONE, {"n": None}) == [[None]]
        database.close()

    with ThreadPoolExecutor(1) as threads:
        settings = make_app().config | {"DATABASE_PREPARES": False}
        runner.run(run(AsyncDatabase(settings, threads, 1)))
