"""Fills the service's database with scores."""

import json
import subprocess
import sys

from bench.common.measure import BenchmarkError
from bench.requests.data import EXERCISES
from bench.requests.implementations import Setup
from bench.requests.operations import Data
from project.config import ROOT

STATEMENT_SECONDS = "3600"  # for the long statements that fill it


def filled(setup: Setup, rows: int) -> Data:
    """Fill the database, in a process with the service's settings. Raises `BenchmarkError`."""
    users = rows // EXERCISES
    environment = {**setup.service_environment(), "DATABASE_TIMEOUT_SECONDS": STATEMENT_SECONDS}
    command = [sys.executable, "-m", "bench.requests.data", str(users)]
    with (setup.directory / "load.log").open("w+") as log:
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, check=False)  # noqa: S603 - our own
        log.seek(0)
        if done.returncode:
            raise BenchmarkError(f"The scores could not be loaded:\n{log.read()[-2000:]}")
    return Data(users * EXERCISES, json.loads(done.stdout))
