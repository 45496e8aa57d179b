"""An interpreter that has imported the packages of the service, and runs its programs in forks of itself.

Its standard input is a socket. A request is a `Program`, as JSON, with four descriptors: its standard streams, and a
pipe to which its exit status is written. The response is its process id. No module of the service is imported before:
they read the environment, which is the program's own.
"""

import gc
import importlib
import json
import os
import selectors
import socket
import sys
import types
from pathlib import Path

# The imports that take longest. Not `prometheus_client`, which reads the environment too.
PACKAGES = (
    *("alembic", "argon2", "flask", "flask.cli", "flask_cors", "flask_migrate", "flask_sqlalchemy", "granian.rsgi"),
    *("jwt", "orjson", "procrastinate", "psycopg", "pydantic", "sqlalchemy.dialects.postgresql.psycopg"),
    *("sqlalchemy.orm", "structlog", "urllib3"),
)
MAX_MESSAGE, DESCRIPTORS = 1 << 20, 4
STANDARD_STREAMS, MAX_DESCRIPTOR = 3, 1 << 16


def next_program(requests):
    """Fork for each request until the socket is closed, and report the exit statuses. Return only in a fork."""
    with selectors.DefaultSelector() as selector:
        selector.register(requests, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.data:
                    selector.unregister(key.fd)
                    report(key.fd, *key.data)
                    continue
                message, descriptors, _, _ = socket.recv_fds(requests, MAX_MESSAGE, DESCRIPTORS)
                if not message:
                    sys.exit()
                *streams, status = descriptors
                pid = os.fork()
                if pid == 0:
                    for number, stream in enumerate(streams):
                        os.dup2(stream, number)
                    requests.close()
                    selector.close()
                    os.closerange(STANDARD_STREAMS, MAX_DESCRIPTOR)
                    return json.loads(message)
                selector.register(os.pidfd_open(pid), selectors.EVENT_READ, (pid, status))
                requests.send(str(pid).encode())
                for stream in streams:
                    os.close(stream)


def report(pidfd, pid, status):
    """Write the exit status of a program that has ended: negative after a signal, as in `subprocess`."""
    _, ended = os.waitpid(pid, 0)
    os.write(status, str(os.waitstatus_to_exitcode(ended)).encode())
    os.close(status)
    os.close(pidfd)


def run(program):
    """Be the process of a program: `python ARGUMENTS` in this directory and environment."""
    os.setsid()
    os.chdir(program["directory"])
    os.environ.clear()
    os.environ.update(program["environment"])
    name, *arguments = program["arguments"]
    if name == "-c":
        source, *arguments = arguments
        name, sys.path[0] = "<string>", ""
        sys.argv = ["-c", *arguments]
    else:
        source = Path(name).read_text()
        sys.path[0] = program["directory"]
        sys.argv = [name, *arguments]
    sys.modules["__main__"] = module = types.ModuleType("__main__")
    exec(compile(source, name, "exec"), module.__dict__)  # noqa: S102 - that is what it is for


def main():
    """Import the packages, and run programs in forks."""
    gc.disable()
    for name in PACKAGES:
        importlib.import_module(name)
    gc.freeze()
    gc.enable()
    run(next_program(socket.socket(fileno=os.dup(0))))


if __name__ == "__main__":
    main()
