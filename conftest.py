"""Whatever starts pytest, from wherever: the tests run on the tests' configuration, and leave no connection open."""

import os
import sys

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

os.environ["APP_SETTINGS"] = "project.config.TestingConfig"


# Files that take minutes, as single tests with the mark `exhaustive` do. Such a file runs when it is named, too.
EXHAUSTIVE = {"test_openapi.py"}


def pytest_addoption(parser):
    """Add our options; the tests in a browser need Chromium."""
    parser.addoption("--all", action="store_true", help="run what takes minutes too, as CI does")
    parser.addoption("--browser", action="store_true", help="run project/tests/browser too")
    parser.addoption("--pictures", action="store_true", help="take the README's pictures of the web client anew")


def pytest_xdist_auto_num_workers():
    """Run in one process more than there are processors: tests wait for half of their time."""
    return (os.cpu_count() or 1) + 1


def pytest_ignore_collect(collection_path, config):
    """Leave out what takes minutes, unless it is wanted."""
    if config.getoption("--all"):
        return None
    is_browser = collection_path.name == "browser" and collection_path.is_dir()
    if collection_path.name in EXHAUSTIVE or (is_browser and not config.getoption("--browser")):
        return True
    return None


def pytest_collection_modifyitems(config, items):
    """Leave out the single tests that take minutes, unless all are wanted."""
    if config.getoption("--all"):
        return
    left_out = [item for item in items if item.get_closest_marker("exhaustive")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_configure():
    """Give each worker process of pytest-xdist a database of its own, since tests empty theirs."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        from project.config import TestingConfig

        url = sa.make_url(TestingConfig.SQLALCHEMY_DATABASE_URI)
        own = url.set(database=f"{url.database}_{worker}")
        create_database(url, own.database)
        TestingConfig.SQLALCHEMY_DATABASE_URI = own.render_as_string(hide_password=False)


def create_database(url, name):
    """Create a database beside that of the URL, unless it is there."""
    from project.postgres.embedded import embedded_postgres

    if url.query.get("host") == str(embedded_postgres.socket_directory):
        embedded_postgres.start()
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(address, autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except psycopg.Error as error:
        raise pytest.UsageError(f"The tests' role must reach its database and may create others: {error}") from None


def pytest_sessionfinish():
    """Close the connections that the applications of the tests keep in their pools."""
    if "project" in sys.modules:
        from project.postgres.database import dispose_all

        dispose_all()
