"""A server process: granian's listener, and the front behind it."""

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

BACKLOG = 4096  # connections that the kernel holds until they are accepted; it may hold fewer (net.core.somaxconn)
# Granian's own lines go where ours go.
LOGGING = {"loggers": {"_granian": {"handlers": [], "propagate": True}, "granian.access": {"handlers": []}}}


def run_web_worker(host: str, port: int) -> None:
    """Be a server process until SIGTERM; then answer what has been accepted."""
    front = Front(create_app())
    gc.collect()
    gc.freeze()  # what is here now stays; looking through it again and again would halt all threads for 0.1 s
    with observability.access_log.buffered():
        is_stopped = asyncio.run(_serve(front, host, port))
    if not is_stopped:
        sys.exit("The listener has ended.")


async def _serve(front: Front, host: str, port: int) -> bool:
    """Serve; return whether that ended as it should."""
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
