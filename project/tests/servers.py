"""Real processes of the service on free ports, their databases, and requests to them."""

import fcntl
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
import urllib3

from project import db
from project.config import ROOT
from project.settings.declarations import SETTINGS
from project.tests.prepared_processes import PreparedProcess, run_prepared, start_prepared

# Far longer than anything should last: it only ends tests that would hang.
DEADLINE_SECONDS = 60
TESTING = "project.config.TestingConfig"


def wait_for(condition, what="the condition"):
    """Poll a condition until it is true, and return its value."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not (found := condition()):
        assert time.monotonic() < deadline, f"timeout while waiting for {what}"
        time.sleep(0.02)
    return found


def reachable(directory):
    """Let all users traverse a test's directory, and return it: started by root, PostgreSQL runs as another user."""
    of_pytest = [parent for parent in directory.parents if any(part.startswith("pytest-of-") for part in parent.parts)]
    for one in (directory, *of_pytest):
        if os.geteuid() == 0 and one.exists():
            one.chmod(one.stat().st_mode | 0o001)
    return directory


def environment(data_dir, **settings):
    """Return an environment with these settings and no others."""
    reachable(data_dir)
    known = {setting.name for setting in SETTINGS} | {"APP_SETTINGS", "PROMETHEUS_MULTIPROC_DIR"}
    inherited = {name: value for name, value in os.environ.items() if name not in known}
    return inherited | {"DATA_DIR": str(data_dir), "APP_SETTINGS": TESTING} | settings


def start_python(data_dir, *arguments, **settings):
    """Start Python in the checkout, with one pipe for both outputs."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(data_dir, **settings),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def run_python(data_dir, *arguments, **settings):
    """Run Python in the checkout: `run_python(data_dir, "manage.py", "db", "current")`."""
    return run_prepared(arguments, ROOT, environment(data_dir, **settings), DEADLINE_SECONDS)


def start_service(arguments, environment, stdout, stderr, *, is_prepared=True):
    """Start `manage.py` with these arguments and outputs; unless `is_prepared`, in a new interpreter."""
    command = ["manage.py", *arguments]
    if is_prepared:
        return start_prepared(command, ROOT, environment, stdout, stderr)
    command = [sys.executable, *command]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=stdout, stderr=stderr, start_new_session=True)


def call(url, method="GET", body=None, token=None, **headers):
    """Send a request over a new connection; the response has `status`, `headers`, `data` and `json()`."""
    if token:
        headers["Authorization"] = f"Bearer {token}"
    with urllib3.PoolManager(retries=False, timeout=DEADLINE_SECONDS) as pool:
        return pool.request(method, url, json=body, headers=headers)


@dataclass
class Server:
    """A server process: `output` is its standard output, `log` its standard error."""

    port: int
    data_dir: Path
    process: subprocess.Popen | PreparedProcess
    output_path: Path
    log_path: Path

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self):
        return self.output_path.read_text()

    @property
    def log(self):
        return self.log_path.read_text()

    def get(self, path, **options):
        return call(self.url + path, **options)

    def post(self, path, body, **options):
        return call(self.url + path, "POST", body, **options)

    def is_healthy(self):
        """Whether it responds; it must not have stopped."""
        assert self.process.poll() is None, self.output + self.log
        try:
            return self._accepts_connections() and self.get("/health").status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def _accepts_connections(self):
        """Whether the port is open. While a server starts, this is polled, and costs a fiftieth of a failed request."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def web_processes(self):
        """Return the process ids of its web processes, including stopped ones."""
        started = [line for line in self.log.splitlines() if "process_started" in line and "web process" in line]
        return [int(pid) for line in started for pid in re.findall(r"\bpid\W+(\d+)", line)]

    def stop(self, signal_=signal.SIGINT):
        """Stop it by a signal, and check that it exits with status 0."""
        self.process.send_signal(signal_)
        assert self.process.wait(DEADLINE_SECONDS) == 0, self.output + self.log


def free_port():
    """Return an unused port of the loopback interface."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running_server(data_dir, *options, port=None, is_prepared=True, **settings):
    """Start `manage.py run`, and stop it by SIGINT unless it has stopped."""
    port = port or free_port()
    data_dir.mkdir(parents=True, exist_ok=True)
    output, log = data_dir / f"{secrets.token_hex(4)}.output", data_dir / f"{secrets.token_hex(4)}.log"
    with output.open("w") as stdout, log.open("w") as stderr:
        command = ["run", "--port", str(port), *options]
        # So temporary files of a killed server are removed with those of the test.
        own = environment(data_dir, TMPDIR=str(data_dir), **settings)
        process = start_service(command, own, stdout, stderr, is_prepared=is_prepared)
    server = Server(port, data_dir, process, output, log)
    try:
        wait_for(server.is_healthy, "/health")
        yield server
        if process.poll() is None:
            server.stop()
    finally:
        for pid in (process.pid, *server.web_processes()):  # all have stopped, unless the test failed
            with suppress(ProcessLookupError):
                if os.getsid(pid) == process.pid:
                    os.kill(pid, signal.SIGKILL)
        process.wait()


def postmaster(data_dir):
    """Return the process id of the embedded PostgreSQL, or None if it does not run."""
    try:
        pid = int((data_dir / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
    except (FileNotFoundError, IndexError):
        return None
    return pid if lives(pid) else None


def lives(pid):
    """Whether the process exists and is not a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def kill_postgres(pid):
    """Kill a PostgreSQL server and its children, as the kernel does when memory is exhausted."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for one in (pid, *map(int, children)):
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)


class PostgresTemplate:
    """An embedded PostgreSQL whose test database is migrated. The processes of a run create it once, and copy it."""

    # PostgreSQL can be killed without that, too: the operating system keeps what was written.
    SETTINGS = "fsync = off\n"

    def __init__(self, run_directory):
        self.data_dir = run_directory / "template"
        self._unfinished = run_directory / "unfinished_template"
        self._lock = run_directory / "template.lock"

    def copy_to(self, data_dir):
        """Copy it into a DATA_DIR that has no PostgreSQL."""
        with self._lock.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self.data_dir.exists():
                self._create()
        data_dir.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", self.data_dir / "postgres", data_dir], check=True)

    def _create(self):
        self._unfinished.mkdir(exist_ok=True)
        run_python(self._unfinished, "manage.py", "db", "upgrade").check_returncode()
        with (self._unfinished / "postgres" / "data" / "postgresql.conf").open("a") as configuration:
            configuration.write(self.SETTINGS)
        self._unfinished.rename(self.data_dir)


postgres_template = None  # a fixture of conftest.py sets it


@contextmanager
def private_data_dir(data_dir, *, is_empty=False):
    """Prepare a DATA_DIR for a test, and kill a PostgreSQL that still runs there afterwards.

    It has a copy of the template, unless it `is_empty`, as before a first start.
    """
    if not is_empty:
        postgres_template.copy_to(data_dir)
    yield reachable(data_dir)
    if pid := postmaster(data_dir):
        kill_postgres(pid)


TERMINATE_CONNECTIONS = sa.text(
    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = :name AND usename = current_user"
)


@contextmanager
def own_database(app, template="template1"):
    """Create a database in the application's cluster, empty or a copy; yields its URL for SQLALCHEMY_DATABASE_URI."""
    name = f"test_{secrets.token_hex(6)}"
    with app.app_context():
        engine = db.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    try:
        yield engine.url.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            # Not WITH (FORCE), which our role may not use on autovacuum workers. A plain DROP cancels them.
            connection.execute(TERMINATE_CONNECTIONS, {"name": name})
            connection.execute(sa.text(f"DROP DATABASE {name}"))
