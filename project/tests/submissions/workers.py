"""Workers as their operators start them: real processes, which a test may kill."""

import signal
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from project.tests.prepared_processes import PreparedProcess
from project.tests.servers import DEADLINE_SECONDS, environment, start_service, wait_for

# A lost run is missed soon, and one on a busy machine seldom taken for lost.
IMPATIENT = {"GRADING_LEASE_SECONDS": "4", "SWEEP_SECONDS": "0.2", "GRADING_MAX_RUNS": "20", "LOG_LEVEL": "DEBUG"}


@dataclass
class Worker:
    """A worker process, and what it logged."""

    process: PreparedProcess
    log_path: Path

    @property
    def log(self):
        return self.log_path.read_text()

    def has_started(self):
        assert self.process.poll() is None, self.log
        return "worker_started" in self.log

    def has_begun(self, submission_id):
        """Whether it has claimed this submission."""
        return any("grading " in line and f"submission_id={submission_id}" in line for line in self.log.splitlines())

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self, signal_=signal.SIGTERM):
        """End it by a signal, and check that it ends well."""
        self.process.send_signal(signal_)
        assert self.process.wait(DEADLINE_SECONDS) == 0, self.log


@contextmanager
def running_worker(data_dir, *options, **settings):
    """Start `manage.py worker`, and stop it by SIGTERM unless it has ended."""
    data_dir.mkdir(parents=True, exist_ok=True)
    log_path = data_dir / f"{len(list(data_dir.glob('*.worker')))}.worker"
    with log_path.open("w") as log:
        process = start_service(["worker", *options], environment(data_dir, **IMPATIENT | settings), log, log)
    worker = Worker(process, log_path)
    try:
        wait_for(worker.has_started, "the worker")
        yield worker
        if process.poll() is None:
            worker.stop()
    finally:
        process.kill()
        process.wait()
