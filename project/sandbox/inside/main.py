"""The entry point of the zygote: `python -P -s -S -B main.py`, with the judge's socket as standard input.

Its settings are sent over that socket, not as arguments: a learner can read the arguments of their process.
"""

import importlib
import json
import os
import socket
import sys

MAX_SETUP = 64 * 1024


def main() -> None:
    """Run the zygote, and in each process that it starts the runner, or the one of native programs."""
    # Import this package by its own name: its siblings must not be importable.
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path.insert(0, own)
    # The fork handlers of modules are not needed: this process has one thread, and the runner seeds random numbers.
    register_at_fork, os.register_at_fork = os.register_at_fork, lambda **_: None
    judge = socket.socket(fileno=os.dup(0))  # 3, the first free one
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.close(null)
    try:
        setup = judge.recv(MAX_SETUP)
        if not setup:
            raise ConnectionResetError
        try:
            settings = json.loads(setup)
            # Only one of them: each process has to copy what is imported.
            names = ("native" if settings["native"] else "runner", "zygote")
            runner, zygote = (importlib.import_module(f"inside.{name}") for name in names)
            sys.path.remove(own)
            made = zygote.Zygote(judge, settings)
        except (OSError, ImportError, KeyError) as error:
            judge.send(json.dumps({"failed": f"{type(error).__name__}: {error}"}).encode())
            sys.exit(1)
        os.register_at_fork = register_at_fork
        made.greet()
    except ConnectionError:  # the judge has ended, which is not an error
        os._exit(0)
    made.serve()
    runner.serve()


if __name__ == "__main__":
    main()
