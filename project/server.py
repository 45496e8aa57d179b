"""Serving the application with granian: one parent, and worker processes with threads."""

import ctypes
import multiprocessing
import os
import signal
import socket
import sys
import tempfile

import click
from flask import Flask
from granian import Granian
from granian.constants import Interfaces

from project import create_app
from project.embedded_postgres import embedded_postgres

STOP_SECONDS = 10  # what a request may still take when the service is stopped
RESPAWN_SECONDS = 1.0

PR_SET_PDEATHSIG = 1  # prctl(2)

# Granian's own lines go where ours go.
LOGGING = {"loggers": {"_granian": {"handlers": [], "propagate": True}, "granian.access": {"handlers": []}}}


def serve(host: str, port: int, *, workers: int, threads: int) -> None:
    """Serve until SIGINT or SIGTERM; then finish what runs, and stop the embedded PostgreSQL if it is in use."""
    # A forked worker would share the parent's sockets, locks and random state; a spawned one starts clean.
    multiprocessing.set_start_method("spawn", force=True)
    with tempfile.TemporaryDirectory(prefix="eval-metrics-") as directory:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = directory
        granian = Granian(
            "project.server:create_worker_app",
            factory=True,
            interface=Interfaces.WSGI,
            address=host,
            port=port,
            workers=workers,
            blocking_threads=threads,
            websockets=False,
            respawn_failed_workers=True,
            respawn_interval=RESPAWN_SECONDS,
            workers_kill_timeout=STOP_SECONDS,
            log_dictconfig=LOGGING,
        )
        click.echo(f"Serving on http://{host}:{port} (Ctrl-C stops it; the API is described at /docs).")
        granian.serve()
    embedded_postgres.stop()


def create_worker_app() -> Flask:
    """Return the application of a worker process, which stops when its parent says so, or is no more."""
    # Ctrl-C reaches the whole foreground group, and a worker of granian 2.8 that is told to stop twice hangs.
    os.setpgid(0, 0)
    # Workers of a parent that was killed would keep the port, and serve on unwatched.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    return create_app()


def check_free(host: str, port: int) -> None:
    """Say in one sentence that the port is taken."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(f"Cannot listen on {host}:{port}: {error.strerror}. Try --port.") from None
