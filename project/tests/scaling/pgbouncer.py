"""A real PgBouncer in front of a real PostgreSQL, as docs/pgbouncer.ini configures it."""

import configparser
import os
import shutil
import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from project.config import ROOT
from project.tests.servers import DEADLINE_SECONDS, free_port, wait_for

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
EXAMPLE = ROOT / "docs" / "pgbouncer.ini"
DATABASE = "eval_prod"
# Fewer than clients, so that each transaction comes to another connection than the one before.
POOL_SIZE = 3


def need_pgbouncer():
    """Skip where there is no PgBouncer; in CI there must be one."""
    if PROGRAM is None:
        reason = "PgBouncer is not installed: apt-get install pgbouncer"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)


def url(host, port=5432, database=DATABASE):
    return f"postgres://eval@/{database}?host={quote(str(host), safe='')}&port={port}"


@contextmanager
def running_pgbouncer(postgres, directory, connect_query=None, leads_to=DATABASE):
    """Start PgBouncer in front of an embedded PostgreSQL; yields the URL of a database of its through it."""
    port = free_port()
    example = configparser.ConfigParser(interpolation=None)
    example.read_string(EXAMPLE.read_text())
    says = example["databases"][DATABASE].partition("connect_query=")[2] if connect_query is None else connect_query
    place = f"host={postgres.socket_directory} port=5432 user=eval dbname={leads_to}"
    example["databases"] = {DATABASE: f"{place} connect_query={says}"}
    own = {"listen_port": port, "default_pool_size": POOL_SIZE, "auth_type": "any", "unix_socket_dir": ""}
    example["pgbouncer"].update({name: str(value) for name, value in own.items()})
    del example["pgbouncer"]["auth_file"]
    settings = directory / f"pgbouncer-{port}.ini"
    with settings.open("w") as file:
        example.write(file)
    # It refuses to be root, and must come to the socket, which is in a directory of its owner's.
    owner = postgres.data.stat()
    settings.chmod(0o644)
    user = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    with (directory / f"pgbouncer-{port}.log").open("w") as log:
        process = subprocess.Popen([PROGRAM, settings], cwd="/", stdout=log, stderr=log, **user)
    try:
        wait_for(lambda: answers(process, port, log.name), "PgBouncer")
        yield url("127.0.0.1", port)
    finally:
        process.kill()
        process.wait(DEADLINE_SECONDS)


def answers(process, port, log):
    """Whether it lets clients through to PostgreSQL; it must not have ended."""
    assert process.poll() is None, Path(log).read_text()
    with suppress(psycopg.OperationalError), psycopg.connect(url("127.0.0.1", port)):
        return True
    return False
