"""Who takes part: ours as in production, and the peers of bench/peers, each with two worker processes."""

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
from bench.requests.tools import ENVIRONMENTS, PEERS
from project.api.schemas import encode_cursor
from project.config import ROOT

OURS, SPECIFIED, FASTAPI, DRF, FASTIFY, PGBENCH = "ours", "spec", "fastapi", "drf", "fastify", "pgbench"
BEFORE = "before"
WORKERS = "2"
DRF_THREADS = "4"
# Of the settings, what is given in the environment counts, and can so be compared; but these belong to the run.
LEFT_OUT = ("DATABASE_URL", "DATABASE_REPLICA_URL", "USERS_SERVICE_URL", "SECRET_KEY", "PROMETHEUS_MULTIPROC_DIR")


@dataclass(frozen=True, slots=True)
class Place:
    """Where all contestants work: their database, the key of the tokens, and a directory for files."""

    database_url: str
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
            "DATABASE_URL": self.database_url,
            "SECRET_KEY_FILE": str(key),
            "DATA_DIR": str(self.directory / "data"),
            "TMPDIR": str(self.directory),
        }

    def peer_environment(self, **more: str) -> dict[str, str]:
        """Return the environment of a peer."""
        return {**os.environ, "DATABASE_URL": self.database_url, "JWT_SECRET": self.secret, **more}


@dataclass(frozen=True, slots=True)
class Program:
    """A server to start: its command, what it finds in its environment, and where it starts."""

    command: list[str]
    environment: dict[str, str]
    directory: Path
    ready: str  # this address is answered with 200 when it is; or, if empty, its port takes connections


def by_id(last: int) -> str:
    """Return how most ask for the page after that row."""
    return f"after={last}"


@dataclass(frozen=True, slots=True)
class Contestant:
    """What answers the requests. `start` returns its programs; the first of them serves on the port."""

    name: str
    title: str
    start: Callable[[Place, int], Iterator[Program]] | None = None  # nobody: SQL alone
    after: Callable[[int], str] = by_id
    packages: Mapping[str, Path] = field(default_factory=dict)  # whose versions matter, and where they are locked


@dataclass(frozen=True, slots=True)
class Running:
    """A contestant whose programs run."""

    contestant: Contestant
    port: int
    pids: tuple[int, ...]

    @property
    def url(self) -> str:
        """Return where it serves."""
        return f"http://{HOST}:{self.port}"


@contextmanager
def started(contestant: Contestant, place: Place) -> Iterator[Running]:
    """Start a contestant; end it after the block."""
    port = free_port()
    with ExitStack() as stack:
        pids = []
        for number, program in enumerate(contestant.start(place, port) if contestant.start else ()):
            log = place.directory / f"{contestant.name}-{number}.log"
            process = stack.enter_context(
                running(program.command, log, environment=program.environment, directory=program.directory)
            )
            pids.append(process.pid)
            wait_until_ready(program.ready, process, log)
        yield Running(contestant, port, tuple(pids))


def _service(place: Place, port: int, *, checkout: Path = ROOT) -> Iterator[Program]:
    command = [sys.executable, "manage.py", "run", "--port", str(port), "--no-seed"]
    yield Program(command, place.service_environment(), checkout, f"http://{HOST}:{port}/ready")


def _gunicorn(peer: str, port: int, *options: str) -> list[str]:
    return [_program(peer, "gunicorn"), "--workers", WORKERS, "--bind", f"{HOST}:{port}", *options]


def _specified(place: Place, port: int) -> Iterator[Program]:
    users = free_port()
    environment = place.peer_environment(USERS_SERVICE_URL=f"http://{HOST}:{users}")
    # SQLAlchemy 2.1 would take psycopg 3 for an address without a driver.
    environment["DATABASE_URL"] = place.database_url.replace("postgresql:", "postgresql+psycopg2:")
    here = PEERS / "spec_stack"
    yield Program(_gunicorn("spec_stack", users, "users:app"), environment, here, f"http://{HOST}:{users}/ping")
    yield Program(_gunicorn("spec_stack", port, "scores:app"), environment, here, _any_score(port))


def _fastapi(place: Place, port: int) -> Iterator[Program]:
    command = [_program("fastapi", "uvicorn"), "main:app", "--host", HOST, "--port", str(port), "--workers", WORKERS]
    command += ["--loop", "uvloop", "--http", "httptools", "--no-access-log"]
    yield Program(command, place.peer_environment(), PEERS / "fastapi", _any_score(port))


def _drf(place: Place, port: int) -> Iterator[Program]:
    command = _gunicorn("drf", port, "--worker-class", "gthread", "--threads", DRF_THREADS, "wsgi:application")
    yield Program(command, place.peer_environment(), PEERS / "drf", _any_score(port))


def _fastify(place: Place, port: int) -> Iterator[Program]:
    environment = place.peer_environment(PORT=str(port), NODE_ENV="production")
    yield Program(["node", "server.js"], environment, PEERS / "fastify", _any_score(port))


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


CONTESTANTS = (
    Contestant(OURS, "ours", _service, _our_cursor, _locked(ROOT / "requirements.txt", "flask", "granian", "psycopg")),
    Contestant(
        FASTIFY,
        "Fastify + pg",
        _fastify,
        packages=_locked(PEERS / "fastify" / "package-lock.json", "fastify", "@fastify/jwt", "pg"),
    ),
    Contestant(
        FASTAPI,
        "FastAPI + asyncpg",
        _fastapi,
        packages=_locked(PEERS / "fastapi" / "requirements.txt", "fastapi", "asyncpg", "uvicorn", "pydantic"),
    ),
    Contestant(
        DRF,
        "Django REST framework",
        _drf,
        _drf_cursor,
        _locked(PEERS / "drf" / "requirements.txt", "django", "djangorestframework", "psycopg", "gunicorn"),
    ),
    Contestant(
        SPECIFIED,
        "the specification's stack",
        _specified,
        packages=_locked(
            PEERS / "spec_stack" / "requirements.txt", "flask", "sqlalchemy", "psycopg2-binary", "gunicorn"
        ),
    ),
    Contestant(PGBENCH, "pgbench (SQL alone)"),
)


def before(checkout: Path) -> Contestant:
    """Return the service of another checkout, which must know the same migrations."""
    return Contestant(BEFORE, "ours, before", partial(_service, checkout=checkout), _our_cursor)


def versions(contestant: Contestant) -> dict[str, str]:
    """Return the locked versions of what a contestant is made of."""
    return {name: locked_version(lock, name) for name, lock in contestant.packages.items()}


def locked_version(lock: Path, package: str) -> str:
    """Return the version of a package in a lock file, of pip or npm."""
    text = lock.read_text()
    if lock.suffix == ".json":
        version: str = json.loads(text)["packages"][f"node_modules/{package}"]["version"]
        return version
    found = re.search(rf"^{re.escape(package)}(?:\[\w+\])?==(\S+)", text, re.MULTILINE)
    return found.group(1) if found else "unknown"
