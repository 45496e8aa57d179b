import psycopg
import pytest

from project.postgres.prepared import Statement, StatementPool, array, was_rolled_back
from project.tests.servers import wait_for

BACKEND = Statement("SELECT pg_backend_pid()")
UNQUOTED = Statement("SELECT unnest(CAST(:texts AS text[]))")


@pytest.fixture
def connections(app):
    prepared = StatementPool(app.config)
    with app.app_context():
        yield prepared
    prepared.dispose()


def test_a_parameter_may_be_used_twice_and_casts_are_no_parameters(connections):
    statement = Statement("SELECT CAST(:b AS int), CAST(:a AS text), '12:30'::time, CAST(:b AS int) + 1")
    assert connections.rows(statement, {"a": "x'y", "b": 7}) == [[b"7", b"x'y", b"12:30:00", b"8"]]


@pytest.mark.parametrize("text", ["", "NULL", "null", "a,b", "{}", '"', "\\", '\\"', "'", " ", "\n", "é🙂"])
def test_an_array_holds_any_text(connections, text):
    values = [text, None, f"x{text}"]
    assert connections.rows(UNQUOTED, {"texts": array(values)}) == [[text.encode()], [None], [f"x{text}".encode()]]


def test_a_connection_is_used_again(connections):
    assert len({connections.rows(BACKEND, {})[0][0] for _ in range(5)}) == 1


def test_a_closed_connection_fails_no_request(connections, change):
    before = connections.rows(BACKEND, {})[0][0]
    change("SELECT pg_terminate_backend(:pid, 10000)", pid=int(before))
    assert connections.rows(BACKEND, {})[0][0] != before


def test_an_error_is_psycopgs_and_the_connection_stays_open(connections):
    before = connections.rows(BACKEND, {})
    with pytest.raises(psycopg.errors.DivisionByZero) as raised:
        connections.rows(Statement("SELECT 1 / CAST(:zero AS int)"), {"zero": 0})
    assert was_rolled_back(raised.value)
    assert connections.rows(BACKEND, {}) == before


def test_what_the_server_ended_in_the_middle_may_have_been_written(connections):
    with pytest.raises(psycopg.OperationalError) as raised:
        connections.rows(Statement("SELECT pg_terminate_backend(pg_backend_pid())"), {})
    assert not was_rolled_back(raised.value)


def test_a_read_is_run_again_when_its_connection_was_closed(connections, change):
    backend = Statement("SELECT pg_backend_pid()", only_reads=True)
    before = connections.rows(backend, {})[0][0]
    change("SELECT pg_terminate_backend(:pid, 10000)", pid=int(before))
    assert connections.rows(backend, {})[0][0] != before
    assert connections.rows(backend, {}) == connections.rows(BACKEND, {})


def killed(rows):
    """Return how many connections to this database were ended by somebody's command."""
    return rows("SELECT sessions_killed AS n FROM pg_stat_database WHERE datname = current_database()")[0]["n"]


def test_a_read_that_closes_each_connection_is_run_twice_only(connections, rows):
    before = killed(rows)
    with pytest.raises(psycopg.OperationalError):
        connections.rows(Statement("SELECT pg_terminate_backend(pg_backend_pid())", only_reads=True), {})
    wait_for(lambda: killed(rows) == before + 2, "both to be counted")


def test_a_read_that_fails_on_an_open_connection_is_not_run_again(connections):
    before = connections.rows(BACKEND, {})
    with pytest.raises(psycopg.errors.DivisionByZero):
        connections.rows(Statement("SELECT 1 / CAST(:zero AS int)", only_reads=True), {"zero": 0})
    assert connections.rows(BACKEND, {}) == before


def test_nothing_is_prepared_where_a_pooler_forbids_it(app):
    connections = StatementPool({**app.config, "DATABASE_PREPARES": False})
    with app.app_context():
        names = Statement("SELECT count(*) FROM pg_prepared_statements")
        assert [connections.rows(names, {}) for _ in range(3)] == [[[b"0"]]] * 3
    connections.dispose()


VALUES = Statement("SELECT CAST(:a AS text), CAST(:b AS int), CAST(:c AS text), CAST(:a AS text)")
TIME_LIMIT = Statement("SELECT current_setting('statement_timeout'), pg_backend_pid()")


@pytest.mark.parametrize(
    "text", ["", "x", "x'y", "\\", "\\'; DROP TABLE scores; --", "$1 $2", ":a", "%s %d", "é🙂", "\n"]
)
def test_a_statement_with_a_timeout_accepts_every_value(connections, text):
    values = {"a": text, "b": 7, "c": None}
    assert connections.rows(VALUES.with_timeout(5000), values) == connections.rows(VALUES, values)


def test_a_timeout_applies_to_one_statement_only(connections):
    ((before, backend),) = connections.rows(TIME_LIMIT, {})
    assert connections.rows(TIME_LIMIT.with_timeout(1234), {}) == [[b"1234ms", backend]]
    assert connections.rows(TIME_LIMIT, {}) == [[before, backend]]
    assert TIME_LIMIT.timeout_ms is None


def test_a_statement_that_exceeds_its_timeout_is_cancelled_and_the_connection_stays_open(connections):
    ((_, backend),) = connections.rows(TIME_LIMIT, {})
    with pytest.raises(psycopg.errors.QueryCanceled):
        connections.rows(Statement("SELECT pg_sleep(60)").with_timeout(20), {})
    assert connections.rows(TIME_LIMIT, {})[0][1] == backend
