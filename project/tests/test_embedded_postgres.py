"""The PostgreSQL that the service brings along: who starts it, who stops it, who gets in, and what it survives."""

import os
import shutil
import signal
import stat
import subprocess

import pytest

from project.postgres.embedded import EmbeddedPostgres
from project.settings.declarations import SettingsError
from project.tests.servers import kill_postgres, lives, private_data_dir, run_python, start_python, wait_for

pytestmark = pytest.mark.long

ANOTHER_USER = """
import sys
from pathlib import Path
from project.postgres.embedded import EmbeddedPostgres
postgres = EmbeddedPostgres(Path(sys.argv[1]), Path(sys.argv[2]))
postgres.start()
print("started", flush=True)
sys.stdin.readline()
postgres.stop()
"""

# In a container the service is often process 1: it inherits the server, and never asks how it ended.
NEVER_ASKS = """
import ctypes, sys
from pathlib import Path
from project.postgres.embedded import EmbeddedPostgres
from project.tests.servers import kill_postgres, lives, wait_for
PR_SET_CHILD_SUBREAPER = 36
assert ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
postgres = EmbeddedPostgres(Path(sys.argv[1]), Path(sys.argv[2]))
postgres.start()
pid = postgres.pid()
kill_postgres(pid)
wait_for(lambda: not lives(pid))
postgres.start()
with postgres.connect("postgres") as connection:
    connection.execute("SELECT 1")
postgres.stop()
"""

ASKS_IN_A_REQUEST = """
from project import create_app
answer = create_app().test_client().get("/scores")
print(answer.status_code, answer.json["status"])
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The home of a server that ran once."""
    with private_data_dir(tmp_path_factory.mktemp("made")) as data_dir:
        yield data_dir / "postgres"


@pytest.fixture
def postgres(made):
    """A server that is not running."""
    server = EmbeddedPostgres(made, made / "socket")
    yield server
    server.stop()
    assert not server.is_running()


@pytest.fixture
def victim(made, tmp_path):
    """The same, for a test that does not leave it as it was."""
    subprocess.run(["cp", "-a", made, tmp_path / "postgres"], check=True)
    server = EmbeddedPostgres(tmp_path / "postgres", tmp_path / "postgres" / "socket")
    with private_data_dir(tmp_path, is_empty=True):
        yield server
        (server.data / "postmaster.pid").unlink(missing_ok=True)
        server.stop()


def select_one(postgres):
    with postgres.connect("eval_test") as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def test_it_starts_and_stops(postgres):
    postgres.start()
    assert select_one(postgres)
    pid = postgres.pid()
    postgres.stop()
    assert not postgres.is_running()
    assert not lives(pid)


def test_starting_and_stopping_twice_is_the_same_as_once(postgres):
    postgres.start()
    pid = postgres.pid()
    postgres.start()
    assert postgres.pid() == pid
    postgres.stop()
    postgres.stop()
    assert not lives(pid)


def test_it_stops_with_the_last_process_that_uses_it(postgres):
    postgres.start()
    pid = postgres.pid()
    script = ["-c", ANOTHER_USER, str(postgres.home), str(postgres.socket_directory)]
    with start_python(postgres.home, *script) as other:
        assert other.stdout.readline() == "started\n"
        postgres.stop()
        assert lives(pid)
        assert select_one(postgres)
        other.communicate("go\n")
    assert other.returncode == 0
    assert not lives(pid)


def test_a_killed_server_is_started_again_with_its_data(victim):
    victim.start()
    with victim.connect("eval_test") as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
    pid = victim.pid()
    kill_postgres(pid)
    wait_for(lambda: not victim.is_running(), "the end of the killed server")
    victim.start()
    assert victim.pid() != pid
    with victim.connect("eval_test") as connection:
        assert connection.execute("SELECT seven FROM kept").fetchall() == [(7,)]
    victim.stop()


def test_a_killed_server_that_nobody_asks_about_is_started_again(victim):
    result = run_python(victim.home, "-c", NEVER_ASKS, str(victim.home), str(victim.socket_directory))
    assert result.returncode == 0, result.stderr


def test_the_process_id_of_a_killed_server_may_belong_to_another_program(victim):
    victim.start()
    left = victim.data / "postmaster.pid"
    text, pid = left.read_text(), victim.pid()
    victim.stop()
    with subprocess.Popen(["sleep", "60"]) as another:
        left.write_text(text.replace(str(pid), str(another.pid), 1))
        shutil.chown(left, victim.data.stat().st_uid)
        try:
            victim.start()
            assert select_one(victim)
            victim.stop()
            assert another.poll() is None
        finally:
            another.kill()


def test_a_server_that_does_not_start_makes_requests_a_503(victim):
    (victim.data / "postgresql.conf").write_text("nonsense")
    result = run_python(victim.home.parent, "-c", ASKS_IN_A_REQUEST)
    assert result.stdout == "503 error\n", result.stderr


def test_no_other_user_can_access_the_data_or_the_socket(postgres):
    postgres.start()
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (postgres.data, postgres.socket_directory)}
    assert set(modes.values()) == {0o700}, modes


def test_it_listens_on_no_network(postgres):
    postgres.start()
    with postgres.connect("postgres") as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_the_service_logs_in_without_a_superusers_rights(postgres):
    postgres.start()
    with postgres.connect("postgres") as connection:
        assert connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = 'eval'").fetchone() == (False,)


def test_data_that_a_killed_first_start_left_is_made_anew(tmp_path):
    home, socket_directory = tmp_path / "postgres", tmp_path / "postgres" / "socket"
    with start_python(tmp_path, "-c", ANOTHER_USER, str(home), str(socket_directory)) as first:
        wait_for(lambda: list(home.glob("*/PG_VERSION")), "initdb's first file")
        os.killpg(first.pid, signal.SIGKILL)
    postgres = EmbeddedPostgres(home, socket_directory)
    try:
        postgres.start()
        assert select_one(postgres)
    finally:
        postgres.stop()


@pytest.mark.parametrize("kind", ["link", "open directory", "file"])
def test_a_socket_directory_of_another_user_is_rejected(made, tmp_path, kind):
    path = tmp_path / "socket"
    if kind == "link":
        path.symlink_to(made / "socket")
    elif kind == "file":
        path.write_text("")
    else:
        path.mkdir()
        path.chmod(0o755)
    with pytest.raises(SettingsError, match=str(path)):
        EmbeddedPostgres(made, path).start()
    assert not (made / "data" / "postmaster.pid").exists()
