"""Configures every run of pytest: settings, options, a database for each process, and closed connections at the end."""

import gc
import os
import sys

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

os.environ["APP_SETTINGS"] = "project.config.TestingConfig"
# Until the tests begin, what is created stays: collections would only scan it again and again.
gc.disable()


def pytest_addoption(parser):
    """Add options. The tests in a browser need Chromium."""
    parser.addoption("--all", action="store_true", help="run tests that take minutes too, as CI does")
    parser.addoption("--browser", action="store_true", help="run project/tests/browser too")
    parser.addoption("--pictures", action="store_true", help="update the README's screenshots of the web client")


def pytest_xdist_auto_num_workers():
    """Use one process more than there are processors: tests wait for half of their time."""
    return (os.cpu_count() or 1) + 1


def pytest_ignore_collect(collection_path, config):
    """Ignore the tests in a browser, unless options select them."""
    if config.getoption("--all") or config.getoption("--browser"):
        return None
    is_browser = collection_path.name == "browser" and collection_path.is_dir()
    return True if is_browser else None


def pytest_collection_modifyitems(config, items):
    """Deselect the tests that take minutes, without --all."""
    if config.getoption("--all"):
        return
    deselected = [item for item in items if item.get_closest_marker("exhaustive")]
    config.hook.pytest_deselected(items=deselected)
    items[:] = [item for item in items if item not in deselected]


def pytest_configure():
    """Give each worker process of pytest-xdist a database of its own, since each test empties its database."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        from project.config import TestingConfig

        url = sa.make_url(TestingConfig.SQLALCHEMY_DATABASE_URI)
        own = url.set(database=f"{url.database}_{worker}")
        create_database(url, own.database)
        TestingConfig.SQLALCHEMY_DATABASE_URI = own.render_as_string(hide_password=False)


def create_database(url, name):
    """Create a database in the cluster of the URL, unless it exists."""
    from project.postgres.embedded import embedded_postgres

    if url.query.get("host") == str(embedded_postgres.socket_directory):
        embedded_postgres.start()
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(address, autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except psycopg.Error as error:
        raise pytest.UsageError(f"The tests' role must be able to connect and to create databases: {error}") from None


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop():
    """Enable garbage collections, which need not scan the imported modules and the collected tests."""
    gc.freeze()
    gc.enable()


def pytest_sessionfinish():
    """Close the connections in the pools of the tests' applications."""
    if "project" in sys.modules:
        from project.postgres.database import dispose_all

        dispose_all()
