"""Tests that run in a process of their own: on another database, or because only one process should collect them."""

import subprocess
import sys

from project.config import ROOT
from project.tests.servers import environment

RUN_SECONDS = 600


def run_tests(directory, *paths, plugins=(), but="", **settings):
    """Run files below project/tests with these settings and plugins of pytest; all must pass, but for one test."""
    options = [
        "--numprocesses=0",
        "-q",
        "--maxfail=3",
        "-p",
        "no:cacheprovider",
        *(f"-p{plugin}" for plugin in plugins),
    ]
    # Of its own: pytest closes the one that all share to others, and PostgreSQL's user, when we are root, is another.
    options.append(f"--basetemp={directory / 'nested'}")
    if but:
        options.append(f"--deselect=project/tests/{but}")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *(f"project/tests/{path}" for path in paths)],
        cwd=ROOT,
        # It is no worker of ours, and has the one database that it is told.
        env=environment(directory, PYTEST_XDIST_WORKER="", **settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=RUN_SECONDS,
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
