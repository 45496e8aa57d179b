"""The service as it runs in production, with processes and a database of its own, which is removed afterwards."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.common.measure import cpu_seconds
from bench.common.processes import HOST, data_directory, free_port, wait_until_ready
from project.config import ROOT

# As in production except for one rate limit, since few learners represent many. Other settings can be set in the
# environment to compare them.
LEFT_OUT = ("DATABASE_URL", "USERS_SERVICE_URL", "SECRET_KEY_FILE")
CHANGED = {"APP_SETTINGS": "project.config.ProductionConfig", "RATE_LIMIT_GRADING": "1000000 per minute"}


@dataclass(frozen=True, slots=True)
class Service:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]
    environment: dict[str, str]

    def prepare_database(self) -> dict[str, Any]:
        """Run bench/grading/database.py in the server's environment."""
        arguments = [sys.executable, "-m", "bench.grading.database"]
        found = subprocess.run(arguments, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE)  # noqa: S603 - our own
        result: dict[str, Any] = json.loads(found.stdout)
        return result

    def cpu_seconds(self) -> float:
        """Return the CPU time of the server, its workers and sandboxes, and PostgreSQL."""
        postmaster = Path(self.environment["DATA_DIR"], "postgres", "data", "postmaster.pid").read_text().split()[0]
        return cpu_seconds(self.process.pid) + cpu_seconds(int(postmaster))


@contextmanager
def running() -> Iterator[Service]:
    """Start a server; stop it and remove its data after the block."""
    inherited = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    with data_directory() as directory:
        environment = inherited | CHANGED | {"DATA_DIR": str(directory), "SECRET_KEY": secrets.token_hex(32)}
        port = free_port()
        command = [sys.executable, "manage.py", "run", "--port", str(port), "--no-seed"]
        with (directory / "server.log").open("wb") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)  # noqa: S603 - our own
        try:
            wait_until_ready(f"http://{HOST}:{port}/ready", process, Path(directory, "server.log"))
            yield Service(port, process, environment)
        finally:
            process.terminate()
            process.wait()
