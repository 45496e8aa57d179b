"""The settings of limits: how often, and how many at once. A part of every configuration. Standard library only."""

from project.settings.declarations import boolean, number, setting
from project.settings.grading import CORES, GradingSettings

# Threads of a process that stay free for other requests while the users-service hangs.
THREADS_LEFT = 2


class LimitSettings(GradingSettings):
    """Limits of one caller, and of all callers together."""

    RATELIMIT_ENABLED = setting("RATELIMIT_ENABLED", True, boolean, "Whether rate limits apply.")  # noqa: FBT003
    RATE_LIMIT_LOGIN = setting(
        "RATE_LIMIT_LOGIN",
        "10 per minute; 40 per hour",
        str,
        "Failed log-ins to one account from one address. IPv6 addresses are counted by their /64 network, here and in "
        "every other limit.",
    )
    RATE_LIMIT_LOGIN_ADDRESS = setting(
        "RATE_LIMIT_LOGIN_ADDRESS", "100 per minute", str, "Failed log-ins from one address, to any accounts."
    )
    RATE_LIMIT_LOGIN_ACCOUNT = setting(
        "RATE_LIMIT_LOGIN_ACCOUNT",
        "100 per hour",
        str,
        "Failed log-ins to one account, from any addresses. It should exceed RATE_LIMIT_LOGIN, otherwise one person "
        "can lock another out.",
    )
    RATE_LIMIT_REGISTER = setting("RATE_LIMIT_REGISTER", "120 per minute", str, "Registrations from one address.")
    RATE_LIMIT_WRITE = setting(
        "RATE_LIMIT_WRITE",
        "600 per minute",
        str,
        "Writes of one learner. Graders and admins are not counted.",
    )
    PASSWORD_HASHES_AT_ONCE = setting(
        "PASSWORD_HASHES_AT_ONCE",
        max(1, CORES // GradingSettings.WEB_WORKERS),
        number(1, 256),
        "Password hashes that one server process computes at once. Further log-ins and registrations wait, as long as "
        "half of WEB_THREADS are free, or get 503.",
        shown="cores / WEB_WORKERS, at least 1",
    )
    USERS_SERVICE_AT_ONCE = setting(
        "USERS_SERVICE_AT_ONCE",
        max(1, GradingSettings.WEB_THREADS - THREADS_LEFT),
        number(1, 256),
        "Requests of one server process that wait for the users-service at once; further ones get 503 at once. Fewer "
        "than WEB_THREADS, so that requests without a token are answered while it does not respond.",
        shown=f"WEB_THREADS - {THREADS_LEFT}, at least 1",
    )
    COSTLY_READS_AT_ONCE = setting(
        "COSTLY_READS_AT_ONCE",
        max(1, GradingSettings.WEB_THREADS // 4),
        number(1, 256),
        "Reads without an index, such as leaderboards of freely chosen exercises or scores since a time, that one "
        "server process runs at once: so many of callers with a token, and as many of others. Further ones wait "
        "briefly, or get 503.",
        shown="WEB_THREADS / 4, at least 1",
    )
    COSTLY_READ_SECONDS = setting(
        "COSTLY_READ_SECONDS",
        2.0,
        number(0.05, 3600.0),
        "The time limit of a costly read without a token in the database; beyond it the response is a 503.",
    )
    COSTLY_PAGE_SECONDS = setting(
        "COSTLY_PAGE_SECONDS",
        2.0,
        number(0.0, 60.0),
        "How long the result of a costly read (COSTLY_READS_AT_ONCE) is cached for identical requests without a token.",
    )
