"""The central tests of the API, run on a database that is reached, or made, in another way."""

import subprocess
import sys

from project.config import ROOT
from project.tests.servers import environment

RUN_SECONDS = 600
PATHS = (
    "hot_path/test_both_paths.py",
    "idempotency/test_idempotency_keys.py",
    "rejudges/test_rejudging.py",
    "scores/test_race.py",
    "scores/test_recording.py",
    "submissions/test_taking.py",
    "summaries/test_leaderboard.py",
    "users/test_logging_in.py",
)


def central_tests(directory, *more, plugins=(), but="", **settings):
    """Run them in a process of its own, with these settings and plugins of pytest; all must pass, but for one test."""
    options = [
        "--numprocesses=0",
        "-q",
        "--maxfail=3",
        "-p",
        "no:cacheprovider",
        *(f"-p{plugin}" for plugin in plugins),
    ]
    # Of its own: pytest closes the one that all share to others, and PostgreSQL's user, when we are root, is another.
    options.append(f"--basetemp={directory / 'central'}")
    if but:
        options.append(f"--deselect=project/tests/{but}")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *(f"project/tests/{path}" for path in (*PATHS, *more))],
        cwd=ROOT,
        # It is no worker of ours, and has the one database that it is told.
        env=environment(directory, PYTEST_XDIST_WORKER="", **settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=RUN_SECONDS,
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
