"""How the zygote is started: `python -P -s -S -B main.py`, with the judge's socket as standard input.

What it needs comes over that socket: a learner can read the arguments of their own process.
"""

import importlib
import json
import os
import socket
import sys

MAX_SETUP = 64 * 1024


def main() -> None:
    """Become the zygote; and, in the processes of runs, the runner."""
    # This package by its own name: what lies beside it must not be importable.
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path.insert(0, own)
    # What modules do in every new process is not needed: ours has one thread. Random numbers are seeded by the runner.
    register_at_fork, os.register_at_fork = os.register_at_fork, lambda **_: None
    runner, zygote = (importlib.import_module(f"inside.{name}") for name in ("runner", "zygote"))
    sys.path.remove(own)
    judge = socket.socket(fileno=os.dup(0))  # 3, the first that is free
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.close(null)
    try:
        setup = judge.recv(MAX_SETUP)
        if not setup:
            raise ConnectionResetError
        try:
            made = zygote.Zygote(judge, json.loads(setup))
        except (OSError, ImportError, KeyError) as error:
            judge.send(json.dumps({"failed": f"{type(error).__name__}: {error}"}).encode())
            sys.exit(1)
        os.register_at_fork = register_at_fork
        made.greet()
    except ConnectionError:  # the judge is gone, which is no trouble of ours
        os._exit(0)
    made.serve()
    runner.serve()


if __name__ == "__main__":
    main()
