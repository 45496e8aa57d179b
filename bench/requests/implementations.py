"""The implementations: our service as in production, its floor, and bench/peers; each with two worker processes."""

import base64
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import quote

from bench.common.processes import HOST, free_port, running, wait_until_ready
from bench.requests.cluster import DATABASE, PEERS_DATABASE, Cluster
from bench.requests.operations import FLASK, LEADERBOARD, LIST, OWN, READ, WRITE, PageParameter
from bench.requests.tools import ENVIRONMENTS, PEERS
from project.api.schemas import encode_cursor
from project.config import ROOT

OURS, BEFORE, FLOOR = "ours", "before", "floor"
FASTIFY, BATCHED, LITESTAR, FASTAPI, DRF, SPECIFIED = "fastify", "batched", "litestar", "fastapi", "drf", "spec"
PGBENCH, COUNTING = "pgbench", "counting"
OF_PEERS = frozenset({READ, OWN, WRITE, LIST, LEADERBOARD})
OF_OURS = OF_PEERS | {FLASK}
WORKERS = "2"
DRF_THREADS = "4"
# Other settings in the environment apply, to compare them.
LEFT_OUT = ("DATABASE_URL", "DATABASE_REPLICA_URL", "USERS_SERVICE_URL", "SECRET_KEY", "PROMETHEUS_MULTIPROC_DIR")


@dataclass(frozen=True, slots=True)
class Setup:
    """What all implementations of a run share: PostgreSQL, the key of the tokens, and a directory."""

    cluster: Cluster
    secret: str
    directory: Path

    def service_environment(self) -> dict[str, str]:
        """Return the environment of our service, as in production."""
        key = self.directory / "secret_key"
        if not key.exists():
            key.touch(0o600)
            key.write_text(self.secret)
        inherited = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
        return inherited | {
            "APP_SETTINGS": "project.config.ProductionConfig",
            "DATABASE_URL": self.cluster.url(DATABASE),
            "SECRET_KEY_FILE": str(key),
            "DATA_DIR": str(self.directory / "data"),
            "TMPDIR": str(self.directory),
        }

    def peer_environment(self, **more: str) -> dict[str, str]:
        """Return the environment of a peer."""
        return {**os.environ, "DATABASE_URL": self.cluster.url(PEERS_DATABASE), "JWT_SECRET": self.secret, **more}


@dataclass(frozen=True, slots=True)
class Program:
    """A server to start: its command, environment and working directory."""

    command: list[str]
    environment: dict[str, str]
    directory: Path
    ready: str  # a URL that returns 200 when it is ready


def by_id(last: int) -> str:
    """Return the query parameter of most implementations for the page after a row."""
    return f"after={last}"


@dataclass(frozen=True, slots=True)
class Implementation:
    """An implementation of some operations: a server, or only SQL.

    `start` returns its programs, which serve on the port. Without it, pgbench runs the operation's `script`.
    """

    name: str
    title: str
    start: Callable[[Setup, int], Iterator[Program]] | None = None
    after: PageParameter = by_id
    packages: Mapping[str, Path] = field(default_factory=dict)  # whose versions are reported, and the lock file of each
    database: str = PEERS_DATABASE
    operations: frozenset[str] = OF_PEERS
    script: str = "{}.sql"


@dataclass(frozen=True, slots=True)
class Running:
    """An implementation whose programs run."""

    implementation: Implementation
    port: int
    pids: tuple[int, ...]

    @property
    def url(self) -> str:
        """Return its URL."""
        return f"http://{HOST}:{self.port}"


@contextmanager
def started(implementation: Implementation, setup: Setup) -> Iterator[Running]:
    """Start an implementation; stop it after the block."""
    port = free_port()
    with ExitStack() as stack:
        pids = []
        for number, program in enumerate(implementation.start(setup, port) if implementation.start else ()):
            log = setup.directory / f"{implementation.name}-{number}.log"
            process = stack.enter_context(
                running(program.command, log, environment=program.environment, directory=program.directory)
            )
            pids.append(process.pid)
            wait_until_ready(program.ready, process, log)
        yield Running(implementation, port, tuple(pids))


def _service(setup: Setup, port: int, *, checkout: Path = ROOT) -> Iterator[Program]:
    command = [sys.executable, "manage.py", "run", "--port", str(port), "--no-seed"]
    yield Program(command, setup.service_environment(), checkout, f"http://{HOST}:{port}/ready")


def _floor(setup: Setup, port: int) -> Iterator[Program]:
    command = [sys.executable, "-m", "bench.requests.floor", str(port)]
    for _ in range(int(WORKERS)):
        yield Program(command, setup.service_environment(), ROOT, _any_score(port))


def _gunicorn(peer: str, port: int, *options: str) -> list[str]:
    return [_program(peer, "gunicorn"), "--workers", WORKERS, "--bind", f"{HOST}:{port}", *options]


def _specified(setup: Setup, port: int) -> Iterator[Program]:
    users = free_port()
    environment = setup.peer_environment(USERS_SERVICE_URL=f"http://{HOST}:{users}")
    # SQLAlchemy 2.1 chooses psycopg 3 for a URL without a driver.
    environment["DATABASE_URL"] = environment["DATABASE_URL"].replace("postgresql:", "postgresql+psycopg2:")
    here = PEERS / "spec_stack"
    yield Program(_gunicorn("spec_stack", users, "users:app"), environment, here, f"http://{HOST}:{users}/ping")
    yield Program(_gunicorn("spec_stack", port, "scores:app"), environment, here, _any_score(port))


def _uvicorn(setup: Setup, port: int, *, peer: str) -> Iterator[Program]:
    command = [_program(peer, "uvicorn"), "main:app", "--host", HOST, "--port", str(port), "--workers", WORKERS]
    command += ["--loop", "uvloop", "--http", "httptools", "--no-access-log"]
    yield Program(command, setup.peer_environment(), PEERS / peer, _any_score(port))


def _drf(setup: Setup, port: int) -> Iterator[Program]:
    command = _gunicorn("drf", port, "--worker-class", "gthread", "--threads", DRF_THREADS, "wsgi:application")
    yield Program(command, setup.peer_environment(), PEERS / "drf", _any_score(port))


def _fastify(setup: Setup, port: int, *options: str) -> Iterator[Program]:
    environment = setup.peer_environment(PORT=str(port), NODE_ENV="production")
    yield Program(["node", "server.js", *options], environment, PEERS / "fastify", _any_score(port))


def _batched(setup: Setup, port: int) -> Iterator[Program]:
    return _fastify(setup, port, "--batch")


def _program(peer: str, name: str) -> str:
    return str(ENVIRONMENTS / peer / "bin" / name)


def _any_score(port: int) -> str:
    return f"http://{HOST}:{port}/scores/1"


def _our_cursor(last: int) -> str:
    return f"cursor={encode_cursor(last)}"


def _drf_cursor(last: int) -> str:
    return f"cursor={quote(base64.b64encode(f'p={last}'.encode()).decode())}"


def _locked(lock: Path, *packages: str) -> dict[str, Path]:
    return dict.fromkeys(packages, lock)


_FASTIFY_PACKAGES = _locked(PEERS / "fastify" / "package-lock.json", "fastify", "@fastify/jwt", "pg")

IMPLEMENTATIONS = (
    Implementation(
        OURS,
        "ours",
        _service,
        _our_cursor,
        _locked(ROOT / "requirements.txt", "flask", "granian", "psycopg"),
        database=DATABASE,
        operations=OF_OURS,
    ),
    Implementation(FLOOR, "the floor: RSGI and batches", _floor, database=DATABASE, operations=frozenset({READ})),
    Implementation(FASTIFY, "Fastify + pg", _fastify, packages=_FASTIFY_PACKAGES),
    Implementation(BATCHED, "Fastify + pg, in batches", _batched, packages=_FASTIFY_PACKAGES),
    Implementation(
        LITESTAR,
        "Litestar + asyncpg",
        partial(_uvicorn, peer="litestar"),
        packages=_locked(PEERS / "litestar" / "requirements.txt", "litestar", "asyncpg", "uvicorn", "msgspec"),
    ),
    Implementation(
        FASTAPI,
        "FastAPI + asyncpg",
        partial(_uvicorn, peer="fastapi"),
        packages=_locked(PEERS / "fastapi" / "requirements.txt", "fastapi", "asyncpg", "uvicorn", "pydantic"),
    ),
    Implementation(
        DRF,
        "Django REST framework",
        _drf,
        _drf_cursor,
        _locked(PEERS / "drf" / "requirements.txt", "django", "djangorestframework", "psycopg", "gunicorn"),
    ),
    Implementation(
        SPECIFIED,
        "the specification's stack",
        _specified,
        packages=_locked(
            PEERS / "spec_stack" / "requirements.txt", "flask", "sqlalchemy", "psycopg2-binary", "gunicorn"
        ),
    ),
    Implementation(PGBENCH, "pgbench (SQL alone)"),
    Implementation(
        COUNTING, "pgbench, counting each time", operations=frozenset({LEADERBOARD}), script="{}-counting.sql"
    ),
)

TITLES = {one.name: one.title for one in IMPLEMENTATIONS} | {BEFORE: "the commit before (--before)"}


def before(checkout: Path) -> Implementation:
    """Return the service of another checkout, which must have the same migrations."""
    start = partial(_service, checkout=checkout)
    return Implementation(BEFORE, TITLES[BEFORE], start, _our_cursor, database=DATABASE, operations=OF_OURS)


def versions(implementation: Implementation) -> dict[str, str]:
    """Return the locked versions of an implementation's packages."""
    return {name: locked_version(lock, name) for name, lock in implementation.packages.items()}


def locked_version(lock: Path, package: str) -> str:
    """Return the version of a package in a lock file, of pip or npm."""
    text = lock.read_text()
    if lock.suffix == ".json":
        version: str = json.loads(text)["packages"][f"node_modules/{package}"]["version"]
        return version
    found = re.search(rf"^{re.escape(package)}(?:\[\w+\])?==(\S+)", text, re.MULTILINE)
    return found.group(1) if found else "unknown"
