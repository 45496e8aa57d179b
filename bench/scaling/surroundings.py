"""PgBouncer for a run's PostgreSQL, and a streaming replica of it; both are removed after the run."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bench.common.measure import BenchmarkError
from bench.common.processes import HOST, free_port
from bench.requests.cluster import DATABASE, DEBIANS_USER, ROLE, SETTINGS, SUPERUSER, Cluster

START_SECONDS = 30
PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
# As in docs/pgbouncer.ini, for this run's database.
CONFIGURATION = """
[databases]
{database} = host={host} port={port} user={role} password={password} \
connect_query='SET timezone = ''UTC''; SET statement_timeout = 15000'
[pgbouncer]
listen_addr = {host}
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 16
max_client_conn = 1000
"""


@contextmanager
def pgbouncer(cluster: Cluster, directory: Path) -> Iterator[str]:
    """Start PgBouncer in front of the cluster; yields the URL of the database through it."""
    if PGBOUNCER is None:
        raise BenchmarkError("PgBouncer is needed: apt-get install pgbouncer.")
    listen, file = free_port(), directory / "pgbouncer.ini"
    file.touch(0o600)
    values = {"database": DATABASE, "host": HOST, "port": cluster.port, "role": ROLE, "listen": listen}
    file.write_text(CONFIGURATION.format(**values, password=cluster.role_password))
    with (directory / "pgbouncer.log").open("w") as log:
        process = subprocess.Popen([PGBOUNCER, file], cwd="/", stdout=log, stderr=log, **_owner_of(file))  # noqa: S603 - our own
    try:
        _wait_for(listen)
        yield f"postgresql://{ROLE}@{HOST}:{listen}/{DATABASE}"
    finally:
        process.terminate()
        process.wait()


@contextmanager
def replica(cluster: Cluster, directory: Path) -> Iterator[str]:
    """Start a streaming replica of the cluster; yields the URL of its database."""
    home, port = directory / "replica", free_port()
    home.mkdir(mode=0o700)
    user = _owner_of(home)
    environment = {**os.environ, "PGPASSWORD": cluster.superuser_password}

    def run(program: str, *arguments: str) -> None:
        command = [str(cluster.programs / program), *arguments]
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own
            command, cwd="/", env=environment, capture_output=True, text=True, check=False, **user
        )
        if done.returncode:
            raise BenchmarkError(f"{program}: {done.stderr or done.stdout}")

    source = ["--host", HOST, "--port", str(cluster.port), "--username", SUPERUSER]
    run("pg_basebackup", *source, "--pgdata", str(home), "--write-recovery-conf", "--checkpoint", "fast")
    settings = {**SETTINGS, "listen_addresses": HOST, "port": port, "unix_socket_directories": home}
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    try:
        run("pg_ctl", "start", "-D", str(home), "-l", str(home / "log"), "-w", "-s", "-o", options)
        yield f"postgresql://{ROLE}:{cluster.role_password}@{HOST}:{port}/{DATABASE}"
    finally:
        with suppress(BenchmarkError):  # it may not have started
            run("pg_ctl", "stop", "-D", str(home), "-m", "fast", "-w", "-s")


def _owner_of(path: Path) -> dict[str, Any]:
    """As root, give a file to the user of PostgreSQL. Return the options of `subprocess` for that user."""
    if os.geteuid() != 0:
        return {}
    owner = pwd.getpwnam(DEBIANS_USER)
    os.chown(path, owner.pw_uid, owner.pw_gid)
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection((HOST, port)):
            return
        time.sleep(0.1)
    raise BenchmarkError("PgBouncer did not start.")
