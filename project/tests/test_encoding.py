"""A database whose encoding is not UTF8 is refused in a sentence, wherever it is reached from."""

import psycopg
import pytest

from project.cli.main import cli
from project.postgres.job_queue import conninfo
from project.tests.servers import own_database


@pytest.fixture(params=["LATIN1", "SQL_ASCII"])
def wrong(app, make_app, request):
    """An application whose database has another encoding, and that encoding."""
    with own_database(app, f"template0 ENCODING '{request.param}' LOCALE 'C' LOCALE_PROVIDER libc") as url:
        yield make_app(SQLALCHEMY_DATABASE_URI=url), request.param


def test_commands_name_the_wrong_encoding_and_the_right_one(wrong):
    app, encoding = wrong
    for command in (["db", "upgrade"], ["check"], ["seed_db"]):
        result = app.test_cli_runner().invoke(cli, command)
        assert result.exit_code == 1
        assert result.output.count("\n") == 1
        assert encoding in result.output
        assert "ENCODING 'UTF8'" in result.output


def test_requests_get_503_and_ready_gives_the_reason(wrong):
    app, encoding = wrong
    client = app.test_client()
    assert client.get("/scores").status_code == 503
    assert client.get("/exercises").status_code == 503
    ready = client.get("/ready")
    assert ready.status_code == 503
    assert encoding in str(ready.json["errors"]["database"])


def test_nothing_was_written(wrong):
    own, _ = wrong
    own.test_cli_runner().invoke(cli, ["db", "upgrade"])
    with psycopg.connect(conninfo(own.config["SQLALCHEMY_DATABASE_URI"])) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")
        assert tables.fetchone() == (0,)
