"""The user that the embedded PostgreSQL runs as when root starts it, on machines that name no useradd in the PATH."""

import os
import pwd
import subprocess
import sys

import pytest

from project.config import ROOT
from project.postgres import system_user
from project.settings.declarations import SettingsError

PATH = "/usr/local/bin:/usr/bin:/bin"  # as `su` leaves it on Debian
USERADD = """
import sys
from project.postgres.system_user import system_user
print(system_user(sys.argv[1]).pw_name)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root creates users")
def test_the_servers_user_is_created_without_usr_sbin_in_the_path():
    name = f"eval-test-{os.getpid()}"
    try:
        result = subprocess.run(
            [sys.executable, "-c", USERADD, name],
            cwd=ROOT,
            env={"PATH": PATH, "APP_SETTINGS": "project.config.TestingConfig"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (result.returncode, result.stdout) == (0, f"{name}\n"), result.stderr
        assert pwd.getpwnam(name).pw_uid != 0
    finally:
        subprocess.run(["/usr/sbin/userdel", name], check=False, capture_output=True)


def test_without_useradd_the_error_names_the_alternatives(monkeypatch, tmp_path):
    monkeypatch.setattr(system_user, "SYSTEM_PATH", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SettingsError, match="there is no useradd"):
        system_user.system_user("eval-nobody-has-this-name")
