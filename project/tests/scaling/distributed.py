"""A database with the keys and functions of a distributed one, where there is no Citus.

The functions that stand in for Citus' refuse what it refuses: a unique key without the distribution column.
"""

import psycopg

from project import create_app
from project.cli.main import cli
from project.postgres.job_queue import conninfo

STAND_INS = """
    CREATE TABLE placed (name regclass PRIMARY KEY, distribution_column text, beside text);
    CREATE FUNCTION create_distributed_table(
        table_name regclass, distribution_column text, colocate_with text DEFAULT 'default'
    ) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE wrong text;
    BEGIN
        SELECT string_agg(i.indexrelid::regclass::text, ', ') INTO wrong
        FROM pg_index AS i WHERE i.indrelid = table_name AND i.indisunique AND NOT EXISTS (
            SELECT FROM pg_attribute AS a WHERE a.attrelid = table_name
            AND a.attname = distribution_column AND a.attnum = ANY (i.indkey)
        );
        IF wrong IS NOT NULL THEN
            RAISE EXCEPTION 'cannot create constraint on %: % lack the distribution column', table_name, wrong;
        END IF;
        IF EXISTS (SELECT 1 FROM pg_constraint WHERE contype = 'f' AND table_name IN (conrelid, confrelid)) THEN
            RAISE EXCEPTION 'a foreign key';
        END IF;
        IF EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = table_name AND NOT tgisinternal)
           AND current_setting('citus.enable_unsafe_triggers', true) IS DISTINCT FROM 'on' THEN
            RAISE EXCEPTION 'triggers are not supported on distributed tables';
        END IF;
        INSERT INTO placed VALUES (table_name, distribution_column, colocate_with);
    END $$;
    CREATE FUNCTION create_reference_table(table_name regclass) RETURNS void LANGUAGE sql
        AS 'INSERT INTO placed VALUES (table_name)';
"""


def query(url, statement):
    """Run a statement, and return its rows."""
    with psycopg.connect(conninfo(url), autocommit=True) as connection:
        result = connection.execute(statement)
        return result.fetchall() if result.description else []


def run_distribute(url, *options):
    """Run `manage.py db distribute` on a database; the result has `exit_code`, `stdout` and `stderr`."""
    app = create_app(SQLALCHEMY_DATABASE_URI=url)
    return app.test_cli_runner().invoke(cli, ["db", "distribute", *options])
