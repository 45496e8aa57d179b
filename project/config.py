"""The configurations that APP_SETTINGS selects, and every setting that the environment can change.

Standard library, `project.settings` and `project.postgres.data_directory` only: everything else may import this module.
"""

import os
from pathlib import Path
from urllib.parse import quote

from project.postgres.data_directory import postgres_home, socket_directory
from project.settings.declarations import (
    SettingsError,
    boolean,
    http_url,
    is_set,
    number,
    one_of,
    origins,
    postgresql_url,
    secret_file,
    setting,
)
from project.settings.events import EventSettings
from project.settings.limits import LimitSettings
from project.settings.native_python import native_python
from project.settings.scaling import ScalingSettings
from project.settings.transfers import TransferSettings

ROOT = Path(__file__).resolve().parent.parent

DATA_DIR = setting(
    "DATA_DIR",
    ROOT / "var",
    lambda text: Path(text).resolve(),
    "The directory for the data of the embedded PostgreSQL, and for the secret key in development.",
    shown="`var/` in the checkout",
)
POSTGRES_HOME = postgres_home(DATA_DIR)
PROGRAM_CACHE = DATA_DIR / "programs"
TOOLCHAINS = DATA_DIR / "toolchains"
LANGUAGE_STATUSES = DATA_DIR / "language-statuses"
NATIVE_PYTHON: Path | None = setting(
    "NATIVE_PYTHON",
    None,
    native_python([ROOT, DATA_DIR]),
    "The directory of an environment for answers in `python3`, with packages such as numpy. They can read all of it.",
    shown="`python3` in `/usr`",
)
SOCKET_DIRECTORY = socket_directory(POSTGRES_HOME)


def embedded_url(name: str) -> str:
    """Return the SQLAlchemy URL of one of the embedded databases."""
    return f"postgresql+psycopg://eval@/{name}?host={quote(str(SOCKET_DIRECTORY), safe='')}"


class BaseConfig(LimitSettings, ScalingSettings, TransferSettings, EventSettings):
    """Base configuration"""

    DEBUG = False
    TESTING = False
    # Gone from Flask; existing tests of the configurations still read it.
    PRESERVE_CONTEXT_ON_EXCEPTION = False
    # Every error has the API's shape, also while debugging: our one handler renders it.
    PROPAGATE_EXCEPTIONS = False

    SECRET_KEY = setting(
        "SECRET_KEY",
        setting("SECRET_KEY_FILE", "", secret_file, "A file that contains SECRET_KEY."),
        str,
        "Signs tokens: at least 32 random bytes. Staging and production do not start without it.",
        shown="random, kept in DATA_DIR (development, tests)",
    )
    SECRET_KEY_REQUIRED = False
    DATABASE_URL = setting(
        "DATABASE_URL",
        "",
        postgresql_url,
        "PostgreSQL 15 to 18, as `postgres://user:password@host/name`.",
        shown="the embedded PostgreSQL",
    )
    DATABASE_TEST_URL = setting(
        "DATABASE_TEST_URL",
        "",
        postgresql_url,
        "The PostgreSQL of the tests, which empty the database and create others beside it.",
        shown="the embedded PostgreSQL",
    )
    DATABASE_TIMEOUT_SECONDS = setting(
        "DATABASE_TIMEOUT_SECONDS",
        15,
        number(1, 3600),
        "A statement of a request that takes longer is cancelled, and the response is a 503.",
    )
    DATABASE_PREPARES = setting(
        "DATABASE_PREPARES",
        True,  # noqa: FBT003 - a default, named by its place
        boolean,
        "Whether statements are prepared. Set it to false behind a PgBouncer before 1.21 that pools transactions.",
    )
    USERS_SERVICE_URL = setting(
        "USERS_SERVICE_URL",
        None,
        http_url,
        "The users-service that verifies tokens.",
        shown="this service keeps its own users",
    )
    USERS_SERVICE_CONNECT_TIMEOUT = setting(
        "USERS_SERVICE_CONNECT_TIMEOUT",
        1.0,
        number(0.01, 60.0),
        "Timeout of a connection to the users-service, in seconds.",
    )
    USERS_SERVICE_READ_TIMEOUT = setting(
        "USERS_SERVICE_READ_TIMEOUT",
        3.0,
        number(0.01, 60.0),
        "Timeout of its complete response, in seconds.",
    )
    USERS_SERVICE_CACHE_SECONDS = setting(
        "USERS_SERVICE_CACHE_SECONDS",
        10.0,
        number(0.0, 30.0),
        "How long accepted tokens are cached, and so how late a log-out there takes effect here. 0 disables the cache.",
    )
    TOKEN_LIFETIME_SECONDS = setting(
        "TOKEN_LIFETIME_SECONDS",
        86_400,
        number(1, 31_536_000),
        "How long a log-in lasts.",
    )
    REGISTRATION = setting(
        "REGISTRATION",
        "open",
        one_of("open", "invite", "closed"),
        "Who may register: everybody (`open`), users with the code of an invitation by staff (`invite`), or nobody "
        "(`closed`). Staff may always add users. Without effect if USERS_SERVICE_URL is set.",
    )
    PASSWORD_MIN_LENGTH = setting(
        "PASSWORD_MIN_LENGTH",
        1,
        number(1, 128),
        "Characters of a new password.",
        shown="8 in staging and production, else 1",
    )
    PASSWORD_HASH_MEMORY_KIB = setting(
        "PASSWORD_HASH_MEMORY_KIB",
        65_536,
        number(32, 4_194_304),
        "Memory of one argon2 password hash, in KiB.",
    )
    PASSWORD_HASH_TIME_COST = setting("PASSWORD_HASH_TIME_COST", 3, number(1, 100), "Passes of one argon2 hash.")
    SCORES_PUBLIC = setting(
        "SCORES_PUBLIC",
        True,  # noqa: FBT003 - a default, named by its place
        boolean,
        "Whether scores can be read without a token. If false, learners see only their own.",
    )
    SELF_REPORTED_SCORES = setting(
        "SELF_REPORTED_SCORES",
        "ungraded",
        one_of("none", "ungraded", "all"),
        "The exercises for which learners may report scores: `none`, those that the service does not grade itself "
        "(`ungraded`), or `all`.",
    )
    UNLISTED_REPORTS_COUNT = setting(
        "UNLISTED_REPORTS_COUNT",
        False,  # noqa: FBT003 - a default, named by its place
        boolean,
        "Whether leaderboards count self-reported scores for exercises that are not in the catalogue: for sites that "
        "keep their catalogue elsewhere. After a change run `manage.py check --repair`.",
    )
    MAX_CONTENT_LENGTH = setting(
        "MAX_CONTENT_LENGTH",
        1_048_576,
        number(1, 1_073_741_824),
        "Bytes of a request body; a longer one is a 413.",
    )
    BODY_SECONDS = setting(
        "BODY_SECONDS",
        10,
        number(1, 3600),
        "The time in which the body of a request must arrive; otherwise the response is a 408, and the connection is "
        "closed. Bulk loads have TRANSFER_SECONDS.",
    )
    HOT_PATH = setting(
        "HOT_PATH",
        True,  # noqa: FBT003 - a default, named by its place
        boolean,
        "Whether the most frequent requests are answered without Flask, which is faster.",
    )
    COMPRESS_MIN_BYTES = setting(
        "COMPRESS_MIN_BYTES",
        16_384,
        number(0, 1_073_741_824),
        "Lists of at least so many bytes are compressed for clients that accept zstd, br or gzip.",
    )
    IDEMPOTENCY_HOURS = setting(
        "IDEMPOTENCY_HOURS",
        24,
        number(1, 720),
        "How long the response to a write with an `Idempotency-Key` is stored for its repeats.",
    )
    CLIENT_DIR = setting(
        "CLIENT_DIR",
        ROOT / "client" / "dist",
        lambda text: Path(text).resolve(),
        "The built web client, which is served under `/app/` if it exists when the server starts.",
        shown="`client/dist` in the checkout",
    )
    CORS_ORIGINS: list[str] = setting(
        "CORS_ORIGINS",
        [],
        origins,
        "Origins whose pages may call the API, separated by commas: `https://learn.example.org`.",
        shown="none",
    )
    TRUSTED_PROXIES = setting(
        "TRUSTED_PROXIES",
        0,
        number(0, 10),
        "The number of reverse proxies in front that set X-Forwarded-For. Rate limits use the client's address.",
    )
    METRICS_TOKEN = setting(
        "METRICS_TOKEN",
        "",
        str,
        "If set, `/metrics` requires it as a bearer token.",
        shown="`/metrics` is open",
    )
    LOG_LEVEL = setting(
        "LOG_LEVEL",
        "INFO",
        one_of("DEBUG", "INFO", "WARNING", "ERROR"),
        "The lowest level that is logged.",
    )
    LOG_FORMAT = setting(
        "LOG_FORMAT",
        "console",
        one_of("console", "json"),
        "Log lines for people (`console`) or for machines (`json`).",
        shown="json in staging and production, else console",
    )

    SQLALCHEMY_DATABASE_URI = DATABASE_URL or embedded_url("eval_dev")
    SQLALCHEMY_TRACK_MODIFICATIONS = False


class DevelopmentConfig(BaseConfig):
    """Development configuration"""

    DEBUG = True


class TestingConfig(BaseConfig):
    """Testing configuration"""

    DEBUG = True
    TESTING = True
    SQLALCHEMY_DATABASE_URI = BaseConfig.DATABASE_TEST_URL or embedded_url("eval_test")
    # The URLs of the environment are of another database.
    DATABASE_SESSION_URL = ""
    DATABASE_REPLICA_URL = ""
    # Tests of the limits enable them; all others would be slowed down by them.
    RATELIMIT_ENABLED = False
    # Tests read without a token what they have just written.
    COSTLY_PAGE_SECONDS = 0.0
    # Still argon2, but a thousandth of the work: the tests register many users.
    PASSWORD_HASH_MEMORY_KIB = 64
    PASSWORD_HASH_TIME_COST = 1


class StagingConfig(BaseConfig):
    """Staging configuration"""

    SECRET_KEY_REQUIRED = True
    SQLALCHEMY_DATABASE_URI = BaseConfig.DATABASE_URL or embedded_url("eval_staging")
    PASSWORD_MIN_LENGTH = BaseConfig.PASSWORD_MIN_LENGTH if is_set("PASSWORD_MIN_LENGTH") else 8
    LOG_FORMAT = BaseConfig.LOG_FORMAT if is_set("LOG_FORMAT") else "json"


class ProductionConfig(StagingConfig):
    """Production configuration"""

    SQLALCHEMY_DATABASE_URI = BaseConfig.DATABASE_URL or embedded_url("eval_prod")


CONFIGURATIONS = tuple(
    f"project.config.{name}"
    for name in (
        "DevelopmentConfig",
        "TestingConfig",
        "StagingConfig",
        "ProductionConfig",
    )
)


def selected() -> str:
    """Return the import path of the configuration that APP_SETTINGS names."""
    name = os.environ.get("APP_SETTINGS", "")
    if name not in CONFIGURATIONS:
        state = f"is {name!r}, which is no configuration" if name else "is not set"
        raise SettingsError(f"APP_SETTINGS {state}: set it to one of {', '.join(CONFIGURATIONS)}.")
    return name
