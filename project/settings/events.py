"""The settings of events, as a part of every configuration. Standard library only."""

from project.settings.declarations import number, setting


class EventSettings:
    """How many may follow events, and for how long."""

    EVENT_STREAMS = setting(
        "EVENT_STREAMS",
        1000,
        number(0, 10_000),
        "Clients of one server process that may follow `/events` at once, two of each user; each takes some "
        "50 KiB of memory, and no thread. When all places are taken, a user without one takes a place of the user with "
        "most, or is told to come back later.",
    )
    EVENT_STREAM_SECONDS = setting(
        "EVENT_STREAM_SECONDS",
        60,
        number(0, 3600),
        "A stream of events ends after so long, and the client comes back; so late is a log-out noticed.",
    )
