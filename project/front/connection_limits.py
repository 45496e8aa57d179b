"""How many connections a web process accepts, and how long one without a request stays open.

Granian stops accepting when a process has `backpressure` connections, idle ones included. Its default is 1024 for all
processes together, so idle connections could make the server unreachable. The real limit is the number of file
descriptors, from which this number is computed.
"""

import resource
from collections.abc import Mapping
from typing import Any

from granian.http import HTTP1Settings

# An idle connection uses about 40 KiB of memory, so that so many of them use about 300 MB in a process.
MAX_CONNECTIONS = 8192
# Descriptors of a process that are not connections of clients: standard streams, libraries, log, metrics, event loop.
RESERVED = 128
PER_THREAD = 4  # connections to database, replica and users-service, and a file being sent
PER_GRADING_SLOT = 16  # pipes and process descriptors of a sandbox

# From accepting a connection, or from the end of the last response, until the headers of a request are complete. It
# closes silent connections, those whose headers arrive too slowly, and idle keep-alive connections.
HEADER_SECONDS = 10
# For the request line, the headers, and the part of a body that is read at once. Usual headers are far shorter.
MAX_BUFFER_BYTES = 65_536

HTTP1 = HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1000, max_buffer_size=MAX_BUFFER_BYTES)


def raise_descriptor_limit(target: int) -> int:
    """Raise this process's soft limit of descriptors, which its children inherit, to `target` or the hard limit.

    Return the limit in force, at most `target`. Many systems have a soft limit of 1024, for programs that use
    select(2), and a hard limit far above it.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    reachable = target if hard == resource.RLIM_INFINITY else min(target, hard)
    if soft != resource.RLIM_INFINITY and soft < reachable:
        resource.setrlimit(resource.RLIMIT_NOFILE, (reachable, hard))
        soft = reachable
    return target if soft == resource.RLIM_INFINITY else min(target, soft)


def connections_per_process(settings: Mapping[str, Any]) -> int:
    """Return how many connections a process may accept, after raising the limit of descriptors for them."""
    reserved: int = RESERVED + PER_THREAD * settings["WEB_THREADS"] + PER_GRADING_SLOT * settings["GRADING_SLOTS"]
    return max(1, raise_descriptor_limit(MAX_CONNECTIONS + reserved) - reserved)
