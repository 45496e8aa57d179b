"""What PostgreSQL knows of the schema of a database, for tests that compare two."""

import sqlalchemy as sa

from project import db

# All that PostgreSQL knows about a schema, as text. Each query returns names and definitions.
CATALOG = {
    "tables": """
        SELECT c.relname, c.relkind, c.relpersistence, c.reloptions
        FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relname !~ '^alembic_version'""",
    "columns": """
        SELECT c.relname, a.attname, a.attnum, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
               a.attgenerated, a.attcollation, a.attoptions, pg_get_expr(d.adbin, d.adrelid)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm')
        AND c.relnamespace = 'public'::regnamespace AND c.relname !~ '^alembic_version'""",
    "constraints": """
        SELECT c.relname, k.conname, k.convalidated, pg_get_constraintdef(k.oid)
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        WHERE c.relnamespace = 'public'::regnamespace AND c.relname !~ '^alembic_version'""",
    "indexes": """
        SELECT c.relname, pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisunique
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        WHERE c.relnamespace = 'public'::regnamespace AND c.relname !~ '^alembic_version'""",
    "triggers": """
        SELECT c.relname, t.tgname, t.tgenabled, pg_get_triggerdef(t.oid)
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace AND c.relname !~ '^alembic_version'""",
    "functions": """
        SELECT p.proname, pg_get_functiondef(p.oid) FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace""",
    "sequences": """
        SELECT sequencename, data_type::text, start_value, min_value, max_value, increment_by, cycle, cache_size
        FROM pg_sequences WHERE schemaname = 'public'""",
    "types": """
        SELECT t.typname, t.typtype, e.enumlabel FROM pg_type t LEFT JOIN pg_enum e ON e.enumtypid = t.oid
        WHERE t.typnamespace = 'public'::regnamespace AND t.typtype IN ('e', 'd')""",
}


def schema():
    """Return the whole schema of the database."""
    with db.engine.connect() as connection:
        return {
            kind: sorted(map(tuple, connection.execute(sa.text(query))), key=repr) for kind, query in CATALOG.items()
        }
