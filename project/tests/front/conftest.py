"""An event loop for a test, and databases for it."""

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
    """Make a database for the loop: `make_database(2)` has two connections at most."""
    made = []
    with ThreadPoolExecutor(4) as threads:

        def make(most):
            made.append(AsyncDatabase(app.config, threads, most))
            return made[-1]

        async def close():
            for database in made:
                database.close()

        yield make
        runner.run(close())
