"""The settings of a service that has outgrown one database server, as a part of every configuration.

Standard library only.
"""

from project.settings.declarations import number, postgresql_url, setting


class ScalingSettings:
    """Where the database is beside DATABASE_URL: past a pooler, and on a replica. docs/scaling.md."""

    DATABASE_SESSION_URL = setting(
        "DATABASE_SESSION_URL",
        "",
        postgresql_url,
        "The same database past a pooler of transactions (PgBouncer) that DATABASE_URL leads to. Workers hear of new "
        "jobs there.",
        shown="DATABASE_URL leads to no such pooler",
    )
    DATABASE_REPLICA_URL = setting(
        "DATABASE_REPLICA_URL",
        "",
        postgresql_url,
        "A streaming replica of the database. Who reads without a token reads there.",
        shown="there is none",
    )
    DATABASE_REPLICA_LAG_SECONDS = setting(
        "DATABASE_REPLICA_LAG_SECONDS",
        5.0,
        number(0.5, 3600.0),
        "A replica that is further behind is not read from.",
    )
