"""Filling a run's database with the scores that are read and written."""

import json
import subprocess
import sys

from bench.common.measure import Wrong
from bench.requests.contestants import Setup
from bench.requests.data import EXERCISES
from bench.requests.operations import Data
from project.config import ROOT

STATEMENT_SECONDS = "3600"  # what a statement of the load may take


def filled(setup: Setup, rows: int) -> Data:
    """Fill the service's database, in a process of the service's own settings. Raises `Wrong`."""
    users = rows // EXERCISES
    environment = {**setup.service_environment(), "DATABASE_TIMEOUT_SECONDS": STATEMENT_SECONDS}
    command = [sys.executable, "-m", "bench.requests.data", str(users)]
    with (setup.directory / "load.log").open("w+") as log:
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, check=False)  # noqa: S603 - our own
        log.seek(0)
        if done.returncode:
            raise Wrong(f"The scores could not be loaded:\n{log.read()[-2000:]}")
    return Data(users * EXERCISES, json.loads(done.stdout))
