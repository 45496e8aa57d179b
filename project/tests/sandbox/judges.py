"""Judges in processes of their own: see standalone_judge.py."""

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parent / "standalone_judge.py"
HONEST = "def add(a, b):\n    return a + b\n"
SECONDS = 60


def command(interpreter=sys.executable):
    return [interpreter, "-B", str(SCRIPT)]


def task(answers=(HONEST,), minimum=1, maximum=3, **more):
    return json.dumps({"minimum": minimum, "maximum": maximum, "answers": list(answers), **more}) + "\n"


def judge_in_subprocess(*answers, launcher=(), interpreter=sys.executable, minimum=1, maximum=3, **options):
    """Judge answers in another process, and return its report."""
    done = subprocess.run(
        [*launcher, *command(interpreter)],
        input=task(answers or (HONEST,), minimum, maximum),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        **options,
    )
    assert done.stdout, done.stderr
    return json.loads(done.stdout)
