"""How many connections a server process accepts, and how long a silent one stays.

Granian stops accepting when a process has `backpressure` connections, whatever they do; by default that is 1024 for all
processes together, and connections that do nothing make the server deaf. What really limits them is the number of file
descriptors, so that is where the number comes from.
"""

import resource
from collections.abc import Mapping
from typing import Any

from granian.http import HTTP1Settings

# Enough for a flood of idle connections, each of which takes some 40 KiB of memory, to cost a process 300 MB.
MOST_CONNECTIONS = 8192
# Descriptors of a process that are not connections of clients: standard streams, libraries, log, metrics, event loop.
RESERVED = 128
PER_THREAD = 4  # connections to database, replica and users-service, and a file that is sent
PER_GRADING_SLOT = 16  # pipes and process descriptors of a sandbox

# From the accepting of a connection, or the end of the last answer, until a request's headers are here. It ends silent
# connections, those whose headers trickle in, and idle ones that are kept alive.
HEADER_SECONDS = 10
# A request line, headers, and as much of a body as is read at once. More than anybody sends in headers.
MOST_BUFFER_BYTES = 65_536

HTTP1 = HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1000, max_buffer_size=MOST_BUFFER_BYTES)


def raise_descriptor_limit(most: int) -> int:
    """Raise this process's soft limit of descriptors, which its children inherit, to `most` or the hard limit.

    Return the limit in force, at most `most`. Many systems have a soft limit of 1024, for programs that use select(2),
    and a hard one far above it.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return most if soft == resource.RLIM_INFINITY else min(most, soft)


def connections_per_process(settings: Mapping[str, Any]) -> int:
    """Return how many connections a process may accept, and make room for as many."""
    reserved: int = RESERVED + PER_THREAD * settings["WEB_THREADS"] + PER_GRADING_SLOT * settings["GRADING_SLOTS"]
    return max(1, raise_descriptor_limit(MOST_CONNECTIONS + reserved) - reserved)
