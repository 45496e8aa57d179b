"""The settings of events, as a part of every configuration. Standard library only."""

from project.settings.declarations import number, setting


class EventSettings:
    """How many may follow events, and for how long."""

    EVENT_STREAMS = setting(
        "EVENT_STREAMS",
        1000,
        number(0, 10_000),
        "Streams of `/events` in one server process, at most two of each user; each uses some 50 KiB of memory, and "
        "no thread. When all are in use, a user without one replaces a stream of the user with most, or gets 503.",
    )
    EVENT_STREAM_SECONDS = setting(
        "EVENT_STREAM_SECONDS",
        60,
        number(0, 3600),
        "A stream of events ends after so long, and the client reconnects. A log-out takes effect then at the latest.",
    )
