"""Learners as clients of the service: each submits answers, and polls for the verdicts."""

import http.client
import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from bench.common.processes import HOST

WAIT_SECONDS = 5  # how long each request waits for the verdict
POLL_SECONDS = 0.1
DONE, QUEUED = 201, 202
TIMEOUT_SECONDS = 120
SLOW = {"sleep": "import time\ndef f(x):\n    time.sleep(60)\n", "loop": "def f(x):\n    while True:\n        pass\n"}
RIGHT = "def f(x):\n    return x\n"


@dataclass
class Learner:
    """One account at an address of the loopback network."""

    port: int
    token: str
    address: str
    verdicts: list[str] = field(default_factory=list)

    def submit(self, exercise: int, answer: str, until: float) -> float | None:
        """Return the seconds until the verdict, or until the time `until`; None if the submission was rejected."""
        began = time.monotonic()
        status, data = self._call("POST", f"/submissions?wait={WAIT_SECONDS}", exercise_id=exercise, answer=answer)
        if status not in {DONE, QUEUED}:
            return None
        while data["state"] != "done" and time.monotonic() < until:
            time.sleep(POLL_SECONDS)
            status, data = self._call("GET", f"/submissions/{data['id']}")
        if data["verdict"]:
            self.verdicts.append(data["verdict"])
        return time.monotonic() - began

    def _call(self, method: str, path: str, **body: object) -> tuple[int, dict[str, Any]]:
        connection = http.client.HTTPConnection(
            HOST, self.port, timeout=TIMEOUT_SECONDS, source_address=(self.address, 0)
        )
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        try:
            connection.request(method, path, json.dumps(body) if body else None, headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read()).get("data", {})
        finally:
            connection.close()


def keep_submitting(learner: Learner, exercise: int, answer: str, stop: threading.Event, until: float) -> None:
    """Submit an answer repeatedly."""
    while not stop.is_set():
        try:
            rejected = learner.submit(exercise, answer, until) is None
        except OSError:
            rejected = True
        if rejected:
            stop.wait(1)
