"""A judge that ends while a zygote starts: the zygote exits without a traceback in the server's log."""

import json
import socket
import subprocess

import pytest

from project.sandbox import interpreter
from project.tests.servers import DEADLINE_SECONDS


@pytest.mark.parametrize("sends", [True, False], ids=["after the setup", "before the setup"])
def test_a_zygote_whose_judge_has_ended_exits_without_output(sends):
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs, ours:
        if sends:
            ours.send(json.dumps(interpreter.setup(1)).encode())
        ours.close()
        done = subprocess.run(
            interpreter.command(),
            stdin=theirs.fileno(),
            capture_output=True,
            env=dict(interpreter.ENVIRONMENT),
            cwd="/",
            check=False,
            timeout=DEADLINE_SECONDS,
        )
    assert done.stderr.decode() == ""
    assert done.returncode == 0
