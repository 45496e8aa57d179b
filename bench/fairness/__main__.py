"""`script/bench fairness`: the times of learners with fast answers while many accounts submit slow ones."""

import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bench.common import processes
from bench.fairness.learners import RIGHT, SLOW, Learner, keep_submitting
from project.config import ROOT

FAST = 8  # learners with fast answers, who submit in turn, so that none reaches a limit per minute
PAUSE_SECONDS = 0.9
SETTINGS = {"APP_SETTINGS": "project.config.ProductionConfig"}
LEFT_OUT = ("DATABASE_URL", "USERS_SERVICE_URL", "SECRET_KEY_FILE")


@click.command("fairness")
@click.option("--accounts", default=50, show_default=True, type=click.IntRange(0, 200), help="With slow answers.")
@click.option("--seconds", default=60.0, show_default=True, type=click.FloatRange(2, 600))
@click.option("--answers", default="sleep", show_default=True, type=click.Choice(list(SLOW)), help="How they are slow.")
@click.option("--before", help="Measure this commit, too.")
def fairness(accounts: int, seconds: float, answers: str, before: str | None) -> None:
    """Print how long a fast answer, of about 10 ms, takes from submission to verdict."""
    click.echo(f"{accounts} accounts submit answers that {answers}; fast answers, for {seconds:g} s:")
    if before:
        with _checkout(before) as tree:
            _report(before, tree, accounts, seconds, SLOW[answers])
    _report("now", ROOT, accounts, seconds, SLOW[answers])


@contextmanager
def _checkout(commit: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="eval-before-") as directory:
        tree = Path(directory, "tree")
        subprocess.run(["git", "worktree", "add", "--detach", "--quiet", tree, commit], cwd=ROOT, check=True)  # noqa: S603, S607
        try:
            yield tree
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", tree], cwd=ROOT, check=True)  # noqa: S603, S607


def _percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def _report(name: str, tree: Path, accounts: int, seconds: float, answer: str) -> None:
    times, verdicts = _measure(tree, accounts, seconds, answer)
    p50, p95 = (_percentile(times, share) for share in (0.5, 0.95))
    errors = verdicts["sandbox_error"]
    click.echo(
        f"{name}: {len(times)} answers, p50 {p50 * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, "
        f"longest {max(times) * 1000:.0f} ms; {sum(verdicts.values())} verdicts, {errors} of them sandbox_error"
    )


def _measure(tree: Path, accounts: int, seconds: float, answer: str) -> tuple[list[float], Counter[str]]:
    """Return the seconds of each fast answer, and all verdicts."""
    with processes.data_directory() as directory:
        inherited = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
        environment = inherited | SETTINGS | {"DATA_DIR": str(directory), "SECRET_KEY": secrets.token_hex(32)}
        port, log = processes.free_port(), directory / "server.log"
        command = [sys.executable, "manage.py", "run", "--port", str(port), "--no-seed"]
        with processes.running(command, log, environment=environment, directory=tree) as server:
            processes.wait_until_ready(f"http://{processes.HOST}:{port}/ready", server, log)
            script = (ROOT / "bench" / "fairness" / "accounts.py").read_text()
            command = [sys.executable, "-c", script, str(accounts), str(FAST)]
            created = subprocess.run(command, cwd=tree, env=environment, check=True, stdout=subprocess.PIPE)  # noqa: S603
            return _load(port, json.loads(created.stdout), accounts, seconds, answer)


def _load(port: int, created: dict, accounts: int, seconds: float, answer: str) -> tuple[list[float], Counter[str]]:  # type: ignore[type-arg]
    slow = [
        Learner(port, token, f"127.0.{1 + number // 200}.{1 + number % 200}")
        for number, token in enumerate(created["tokens"][:accounts])
    ]
    fast = [Learner(port, token, "127.0.9.1") for token in created["tokens"][accounts:]]
    for learner in fast:  # so that each has submitted before
        learner.submit(created["short"], RIGHT, time.monotonic() + seconds)
    stop = threading.Event()
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=keep_submitting, args=(learner, created["long"], answer, stop, until))
        for learner in slow
    ]
    for thread in threads:
        thread.start()
    times = []
    while time.monotonic() < until:
        for learner in fast:
            took = learner.submit(created["short"], RIGHT, until)
            times.append(took if took is not None else seconds)
            if time.monotonic() >= until:
                break
            time.sleep(PAUSE_SECONDS)
    stop.set()
    for thread in threads:
        thread.join()
    return times, Counter(verdict for learner in (*slow, *fast) for verdict in learner.verdicts)


if __name__ == "__main__":
    processes.stop_on_signals()
    fairness()
