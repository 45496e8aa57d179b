"""The types of granian's RSGI interface, as far as the front uses it."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

Headers = list[tuple[str, str]]


class RequestHeaders(Protocol):
    """The headers of a request. `items` leaves out those whose value is not visible ASCII; `keys` has them."""

    def keys(self) -> Sequence[str]:
        """Return each name once, in lower case."""

    def items(self) -> Sequence[tuple[str, str]]:
        """Return names and values; a name may come more than once."""


class Scope(Protocol):
    """A request without its body."""

    http_version: str
    server: str
    client: str
    scheme: str
    method: str
    path: str  # decoded; invalid UTF-8 is replaced
    query_string: str

    @property
    def headers(self) -> RequestHeaders:
        """The headers."""


class Transport(Protocol):
    """A streamed response."""

    async def send_bytes(self, data: bytes, /) -> None:
        """Send a piece. This never waits for the client: unread pieces are kept in memory."""


class Connection(Protocol):
    """Receives a request's body and sends its response. RSGI calls it the protocol."""

    async def __call__(self) -> bytes:
        """Return the whole body, however long it is. Raises `RuntimeError` when it was cut off."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Return the body in pieces. It ends without an error when the body is cut off."""

    async def client_disconnect(self) -> None:
        """Return when the client has disconnected."""

    def response_bytes(self, status: int, headers: Headers, body: bytes, /) -> None:
        """Send a response."""

    def response_file(self, status: int, headers: Headers, file: str, /) -> None:
        """Send a file, as fast as the client reads it."""

    def response_stream(self, status: int, headers: Headers, /) -> Transport:
        """Start a streamed response."""
