"""The settings of a service that has outgrown one database server, as a part of every configuration.

Standard library only.
"""

from project.settings.declarations import number, postgresql_url, setting


class ScalingSettings:
    """Other URLs of the database: without a pooler, and of a replica. See docs/scaling.md."""

    DATABASE_SESSION_URL = setting(
        "DATABASE_SESSION_URL",
        "",
        postgresql_url,
        "The same database without the pooler of transactions (PgBouncer) of DATABASE_URL. Workers are notified of "
        "new jobs there.",
        shown="DATABASE_URL, without a pooler",
    )
    DATABASE_REPLICA_URL = setting(
        "DATABASE_REPLICA_URL",
        "",
        postgresql_url,
        "A streaming replica of the database, for reads without a token.",
        shown="none",
    )
    DATABASE_REPLICA_LAG_SECONDS = setting(
        "DATABASE_REPLICA_LAG_SECONDS",
        5.0,
        number(0.5, 3600.0),
        "A replica that is further behind is not read from.",
    )
