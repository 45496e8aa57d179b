"""The service as it runs in production, in processes of its own, with a database of its own that is gone afterwards."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.grading.measure import Wrong, cpu_seconds
from project.config import ROOT

HOST = "127.0.0.1"
START_SECONDS = 120
PAUSE_SECONDS = 0.1
# Everything as in production, but for how often one learner may ask: here few stand for many.
# The other settings may be given in the environment, and so be compared.
LEFT_OUT = ("DATABASE_URL", "USERS_SERVICE_URL", "SECRET_KEY_FILE")
CHANGED = {"APP_SETTINGS": "project.config.ProductionConfig", "RATE_LIMIT_GRADING": "1000000 per minute"}


@dataclass(frozen=True, slots=True)
class Service:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]
    environment: dict[str, str]

    def database(self, command: str) -> dict[str, Any]:
        """Run a command of bench/grading/database.py in the server's environment."""
        arguments = [sys.executable, "-m", "bench.grading.database", command]
        found = subprocess.run(arguments, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE)  # noqa: S603 - our own
        answer: dict[str, Any] = json.loads(found.stdout)
        return answer

    def cpu_seconds(self) -> float:
        """Return the CPU time of the server, its workers and sandboxes, and PostgreSQL."""
        postmaster = Path(self.environment["DATA_DIR"], "postgres", "data", "postmaster.pid").read_text().split()[0]
        return cpu_seconds(self.process.pid) + cpu_seconds(int(postmaster))


@contextmanager
def running() -> Iterator[Service]:
    """Start a server; stop it, and forget its data, at the end of the block."""
    inherited = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    directory = tempfile.mkdtemp(prefix="eval-bench-")
    try:
        environment = inherited | CHANGED | {"DATA_DIR": directory, "SECRET_KEY": secrets.token_hex(32)}
        port = _free_port()
        command = [sys.executable, "manage.py", "run", "--port", str(port), "--no-seed"]
        with Path(directory, "server.log").open("wb") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)  # noqa: S603 - our own
        try:
            _wait_until_ready(port, process, Path(directory, "server.log"))
            yield Service(port, process, environment)
        finally:
            process.terminate()
            process.wait()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"http://{HOST}:{port}/ready") as answer:
            if answer.status == 200:  # noqa: PLR2004 - the one that says so
                return
        time.sleep(PAUSE_SECONDS)
    raise Wrong(f"The server does not get ready:\n{log.read_text(errors='replace')[-2000:]}")
