"""Serving: a parent process that starts and supervises web processes and grading workers."""

import socket
from collections.abc import Mapping
from typing import Any

import click

from project.front.processes import CrashLoop, Processes, supervise
from project.front.web_process import run_web_process
from project.grading import worker
from project.postgres.embedded import embedded_postgres


def serve(host: str, port: int, settings: Mapping[str, Any]) -> None:
    """Serve until SIGINT or SIGTERM. Then finish the running requests, and stop the embedded PostgreSQL."""
    click.echo(f"Serving on http://{host}:{port} (Ctrl-C stops it; the API is described at /docs).")
    try:
        supervise(
            [
                Processes("web process", settings["WEB_WORKERS"], run_web_process, (host, port), is_vital=True),
                Processes("grading worker", settings["WORKER_PROCESSES"], worker.work),
            ]
        )
    except CrashLoop as error:
        message = f"The {error} keeps stopping. See the log lines above for the reason."
        raise click.ClickException(message) from None
    finally:
        embedded_postgres.stop()


def check_free(host: str, port: int) -> None:
    """Raise an error with a short message if the port is in use."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(f"Cannot listen on {host}:{port}: {error.strerror}. Try --port.") from None
