"""An interpreter that runs each program in a fork of itself: `forking.py PREPARATION`. Forks start in milliseconds.

PREPARATION is a program that imports the modules of `project/sandbox/` and others that all programs need. The standard
input is a socket. A request on it is a program with its arguments, and descriptors: of the standard streams, and others
whose numbers become the first arguments. The answer is the process id of the fork, and a process descriptor.
"""

import contextlib
import gc
import json
import os
import socket
import sys
import types
from pathlib import Path

MAX_MESSAGE, MAX_DESCRIPTORS = 64 * 1024, 4
STANDARD_STREAMS = 3


def next_program(requests):
    """Fork for each request until the socket is closed. Return only in a fork, with its program and arguments."""
    while True:
        message, descriptors, _, _ = socket.recv_fds(requests, MAX_MESSAGE, MAX_DESCRIPTORS)
        if not message:
            sys.exit()
        pid = os.fork()
        if pid == 0:
            requests.close()
            for number, descriptor in enumerate(descriptors[:STANDARD_STREAMS]):
                os.dup2(descriptor, number)
                os.close(descriptor)
            program, arguments = json.loads(message)
            return program, [*map(str, descriptors[STANDARD_STREAMS:]), *arguments]
        pidfd = os.pidfd_open(pid)
        socket.send_fds(requests, [str(pid).encode()], [pidfd])
        for descriptor in (*descriptors, pidfd):
            os.close(descriptor)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                pass


def run(program):
    """Run a program as the main module."""
    sys.modules["__main__"] = module = types.ModuleType("__main__")
    exec(compile(program, "<string>", "exec"), module.__dict__)  # noqa: S102 - that is what it is for


def main():
    """Prepare the interpreter, and run programs in forks."""
    sys.path.insert(0, str(Path(__file__).parents[3] / "sandbox"))
    run(sys.argv[1])
    requests = socket.socket(fileno=os.dup(0))
    gc.collect()
    gc.freeze()
    program, arguments = next_program(requests)
    sys.argv = ["-c", *arguments]
    run(program)


main()
