"""What can go wrong with a stream of events."""

from project.web.errors import ServiceUnavailable


class StreamsBusy(ServiceUnavailable):
    """All streams of this server process are taken. Ask for what is wanted now and then, and come back later."""

    message = "Too many event streams are open. Please try again."
