"""Fixtures: an event loop, and its database connections."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from project.front.async_database import AsyncDatabase


@pytest.fixture
def runner():
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def make_database(app, runner):
    """Make an `AsyncDatabase` for the loop: `make_database(2)` has at most two connections."""
    made = []
    with ThreadPoolExecutor(4) as threads:

        def make(max_connections):
            made.append(AsyncDatabase(app.config, threads, max_connections))
            return made[-1]

        async def close():
            for database in made:
                database.close()

        yield make
        runner.run(close())
