"""A web process: granian's listener and the front."""

import asyncio
import gc
import signal
import sys

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from project import create_app
from project.front.application import Front
from project.front.connection_limits import HTTP1, connections_per_process
from project.operations import observability

BACKLOG = 4096  # connections in the kernel's queue before they are accepted; net.core.somaxconn may lower it
# Granian's log lines go to our log.
LOGGING = {"loggers": {"_granian": {"handlers": [], "propagate": True}, "granian.access": {"handlers": []}}}


def run_web_process(host: str, port: int) -> None:
    """Serve until SIGTERM; then finish the requests of accepted connections."""
    front = Front(create_app())
    gc.collect()
    gc.freeze()  # a collection that scans these permanent objects would stop all threads for 0.1 s
    with observability.access_log.buffered():
        is_stopped = asyncio.run(_serve(front, host, port))
    if not is_stopped:
        sys.exit("The listener has ended.")


async def _serve(front: Front, host: str, port: int) -> bool:
    """Serve; return whether a signal stopped it."""
    server = Server(
        front,
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        # Granian detects HTTP/2 by a connection's first bytes, and waits for them without a limit.
        http=HTTPModes.http1,
        http1_settings=HTTP1,
        backlog=BACKLOG,
        backpressure=connections_per_process(front.app.config),
        websockets=False,
        log_level=LogLevels.error,
        log_dictconfig=LOGGING,
    )
    stopping = asyncio.Event()

    def stop() -> None:
        stopping.set()
        front.stop()
        server.stop()  # type: ignore[no-untyped-call]

    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop)
    await server.serve()
    await front.close()
    return stopping.is_set()
