"""The README's console blocks, typed into a real shell against a real server: what it shows is what comes."""

import re
import shutil
import subprocess

import pytest

from project.config import ROOT
from project.tests.servers import private_data_dir, running_server

README = ROOT / "README.md"
ADDRESS = "http://127.0.0.1:5002"
PROMPT = "$ "

# What the README leaves out.
LEFT_OUT = "…"


def steps():
    """Return the commands of the console blocks, each with the output that follows it."""
    found = []
    for block in re.findall(r"```console\n(.*?)```", README.read_text(), re.DOTALL):
        for line in block.splitlines():
            if line.startswith(PROMPT):
                found.append((line.removeprefix(PROMPT), []))
            else:
                found[-1][1].append(line)
    return [(command, "\n".join(output)) for command, output in found]


def pattern(shown):
    return ".*".join(re.escape(part) for part in shown.split(LEFT_OUT))


@pytest.fixture
def server(tmp_path):
    with private_data_dir(tmp_path) as data_dir, running_server(data_dir) as running:
        yield running


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed; .ci/run installs it")
def test_the_readme_shows_what_a_person_sees(server):
    token = ""
    for command, shown in steps():
        if command.startswith("TOKEN="):
            continue  # the person copies it; so do we, below
        shell = ["bash", "-c", f"TOKEN={token}; {command.replace(ADDRESS, server.url)}"]
        printed = subprocess.run(shell, capture_output=True, text=True, check=True).stdout
        assert re.fullmatch(pattern(shown), printed, re.DOTALL), f"{command}\n{printed}"
        token = (re.findall(r'"auth_token":"([^"]+)"', printed) or [token])[0]


def test_the_readme_shows_some_commands():
    assert len([command for command, _ in steps() if command.startswith("curl")]) >= 3
