"""Only views, tasks and commands commit, and the few modules that `commits.PERMISSIONS` lists with their reasons."""

import re

import pytest

from project.tests.commits import PERMISSIONS, ends_of_transactions, not_permitted
from project.tests.test_architecture import PRODUCT, name

WRONG = {
    "commit of a session": "db.session.commit()",
    "commit that is called later": "finish = connection.commit",
    "commit by name": "getattr(connection, 'commit')()",
    "begin": "with db.engine.begin() as connection:\n    connection.execute(STATEMENT)",
    "begin of several": "with open(path), engine.begin() as connection:\n    connection.execute(STATEMENT)",
    "begin on a stack": "connection = stack.enter_context(engine.begin())",
    "begin of a coroutine": "async def run():\n    async with engine.begin() as connection:\n        pass",
    "autocommit of psycopg": "connection = psycopg.connect(url, autocommit=True)",
    "autocommit by a variable": "connection = psycopg.connect(url, autocommit=is_single)",
    "autocommit among options": "engine = sa.create_engine(url, connect_args={'autocommit': True})",
    "autocommit switched on": "connection.autocommit = True",
    "autocommit switched on by a call": "await connection.set_autocommit(True)",
    "isolation level of statements": "connection.execution_options(isolation_level='AUTOCOMMIT').execute(STATEMENT)",
    "isolation level of an engine": "engine = sa.create_engine(url, isolation_level='autocommit')",
    "autocommit of Alembic": "with op.get_context().autocommit_block():\n    pass",
    "SQL": "connection.execute(sa.text('COMMIT'))",
    "SQL in lower case": "connection.execute('commit work')",
    "SQL after another statement": "cursor.execute('DELETE FROM scores; COMMIT;')",
    "SQL on a line of its own": "cursor.execute('''\nDELETE FROM scores;\nCOMMIT\n''')",
    "SQL of libpq": "pgconn.exec_(b'COMMIT')",
    "SQL by its other name": "connection.exec_driver_sql('END TRANSACTION')",
    "SQL by its short name": "connection.exec_driver_sql('END')",
    "two-phase commit": "connection.execute(sa.text(f\"COMMIT PREPARED '{name}'\"))",
    "autocommitted statements": "from project.postgres.prepared import statement_pool",
    "autocommitted statements by the module": "from project.postgres import prepared\nprepared.statement_pool()",
    "autocommitted statements by the application": "app.extensions['statement_pool'].rows(STATEMENT, {})",
    "autocommitted statements of the loop": "from project.front.async_database import AsyncDatabase",
}
RIGHT = {
    "a docstring": "'''Commit what was done.'''",
    "rollback": "db.session.rollback()",
    "flush": "db.session.flush()",
    "savepoint": "with db.session.begin_nested():\n    pass",
    "another begin": "self.costs.begin()",
    "autocommit switched off": "connection = psycopg.connect(url, autocommit=False)",
    "a temporary table": "connection.execute(sa.text('CREATE TEMPORARY TABLE t (id bigint) ON COMMIT DROP'))",
    "a message": "log.info('commit failed')",
    "a CASE": "SQL = f'CASE WHEN a THEN b END'",
    "statements in the session": "from project.postgres.prepared import Statement, run_in_session",
}


@pytest.mark.parametrize("source", WRONG.values(), ids=WRONG)
def test_each_kind_of_commit_is_found(source):
    assert not_permitted("project/api/scores/queries.py", source)


@pytest.mark.parametrize("source", RIGHT.values(), ids=RIGHT)
def test_what_commits_nothing_is_not_found(source):
    assert ends_of_transactions(source) == []


def test_a_view_may_commit_and_not_autocommit():
    assert not_permitted("project/api/scores/views.py", "db.session.commit()") == []
    assert not_permitted("project/api/scores/views.py", "psycopg.connect(url, autocommit=True)")


@pytest.mark.parametrize("permission", PERMISSIONS, ids=lambda permission: permission.path)
def test_no_permission_is_left_over(permission):
    paths = [path for path in PRODUCT if re.search(permission.path, name(path))]
    assert {found.kind for path in paths for found in ends_of_transactions(path.read_text())} == permission.kinds
