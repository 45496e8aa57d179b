"""A PostgreSQL of its own for one run: durable as in production, and removed afterwards."""

import os
import pwd
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from bench.common.measure import BenchmarkError
from bench.common.processes import HOST, free_port
from project.postgres.embedded import PROGRAMS, WHEEL

DEBIANS = Path("/usr/lib/postgresql")
DEBIANS_USER = "postgres"
SUPERUSER, ROLE = "postgres", "eval"
DATABASE, PEERS_DATABASE = "eval_bench", "eval_bench_peers"
# Usual settings for load. All others have PostgreSQL's defaults, autovacuum too.
SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "max_connections": "300",
}
IDLE_CHECKS = 3  # consecutive checks that must find no running statement
# Statements that still run after the load has ended.
RUNNING_STATEMENTS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = ANY (%s) AND state <> 'idle' AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server."""

    programs: Path
    port: int
    pid: int
    role_password: str
    superuser_password: str

    def url(self, database: str) -> str:
        """Return the URL of a database for implementations."""
        return f"postgresql://{ROLE}:{self.role_password}@{HOST}:{self.port}/{database}"

    def copy_for_peers(self, change: str) -> None:
        """Copy the service's database for the peers, and change it by SQL."""
        with self.connect("postgres") as connection:
            copy = f"CREATE DATABASE {PEERS_DATABASE} OWNER {ROLE} TEMPLATE {DATABASE} STRATEGY file_copy"
            connection.execute(copy.encode())
        with psycopg.connect(self.url(PEERS_DATABASE)) as connection:
            connection.execute(change.encode())

    def connect(self, database: str) -> psycopg.Connection:
        """Return an autocommitting connection of the superuser."""
        return psycopg.connect(
            host=HOST,
            port=self.port,
            dbname=database,
            user=SUPERUSER,
            password=self.superuser_password,
            autocommit=True,
        )

    def vacuum_and_checkpoint(self, database: str) -> None:
        """Remove dead rows and write all pages, so that a measurement does not depend on the one before."""
        with self.connect(database) as connection:
            connection.execute("VACUUM (ANALYZE) scores")
            connection.execute("VACUUM")
            connection.execute("CHECKPOINT")

    def wait_until_idle(self) -> None:
        """Wait until no statement of a client that has disconnected is still running."""
        quiet = 0
        with self.connect("postgres") as connection:
            while quiet < IDLE_CHECKS:
                found = connection.execute(RUNNING_STATEMENTS, [[DATABASE, PEERS_DATABASE]]).fetchone()
                quiet = 0 if found and found[0] else quiet + 1
                connection.execute("SELECT pg_sleep(0.1)")

    def last_change(self, database: str) -> int:
        """Return the id of the newest entry of a ledger."""
        return self._number(database, "SELECT coalesce(max(id), 0) FROM score_changes")

    def changes_since(self, database: str, last: int) -> int:
        """Return the number of later entries of a ledger."""
        return self._number(database, "SELECT count(*) FROM score_changes WHERE id > %s", last)

    def _number(self, database: str, statement: str, *values: object) -> int:
        with self.connect(database) as connection:
            found = connection.execute(statement, values).fetchone()
        return int(found[0]) if found else 0

    def version(self) -> str:
        """Return PostgreSQL's version."""
        with self.connect("postgres") as connection:
            return connection.info.parameter_status("server_version") or "unknown"


def programs() -> Path:
    """Return the directory of PostgreSQL's programs: the newest of Debian, or that of the service's wheel."""
    found = sorted(DEBIANS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    if os.geteuid() == 0:
        raise BenchmarkError("As root, PostgreSQL's Debian package is needed: apt-get install postgresql.")
    wheel = find_spec(WHEEL)
    if wheel is None or not wheel.submodule_search_locations:
        raise BenchmarkError(f"Neither Debian's postgresql nor the package {WHEEL} is installed.")
    return Path(wheel.submodule_search_locations[0]) / PROGRAMS


@contextmanager
def running(directory: Path) -> Iterator[Cluster]:
    """Create and start a cluster in the directory; stop and remove it after the block."""
    home, where = directory / "postgres", programs()
    home.mkdir()
    user: dict[str, Any] = {}
    if os.geteuid() == 0:  # which PostgreSQL refuses
        owner = pwd.getpwnam(DEBIANS_USER)
        os.chown(home, owner.pw_uid, owner.pw_gid)
        directory.chmod(0o711)
        user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own
            [where / program, *arguments], cwd="/", capture_output=True, text=True, check=False, **user
        )
        if done.returncode:
            raise BenchmarkError(f"{program}: {done.stderr or done.stdout}")

    data, port, password = home / "data", free_port(), secrets.token_hex(16)
    secret = home / "password"
    secret.touch(0o600)
    secret.write_text(password)
    if user:
        os.chown(secret, user["user"], user["group"])
    access = ["--username", SUPERUSER, "--auth", "scram-sha-256", "--pwfile", str(secret)]
    run("initdb", "--pgdata", str(data), "--encoding", "UTF8", "--locale", "C", *access)
    settings = {"listen_addresses": HOST, "port": port, "unix_socket_directories": home, **SETTINGS}
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    try:
        run("pg_ctl", "start", "-D", str(data), "-l", str(home / "log"), "-w", "-s", "-o", options)
        pid = int((data / "postmaster.pid").read_text().split()[0])
        cluster = Cluster(where, port, pid, secrets.token_hex(16), password)
        with cluster.connect("postgres") as connection:
            connection.execute(f"CREATE ROLE {ROLE} LOGIN PASSWORD '{cluster.role_password}'")
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")
        yield cluster
    finally:
        with suppress(BenchmarkError):  # it may not have started
            run("pg_ctl", "stop", "-D", str(data), "-m", "fast", "-w", "-s")
        shutil.rmtree(home, ignore_errors=True)
