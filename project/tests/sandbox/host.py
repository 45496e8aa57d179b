"""The host of an attack: secrets that it must not read, and listeners that it must not reach."""

import contextlib
import os
import secrets
import socket
import tempfile
from pathlib import Path

EXPECTED = "S3CRET-EXPECTED-91ab"
IN_FILE = "CANARY-FILE-8c1f"
IN_ENVIRONMENT = "HOST-ENV-SECRET-77aa"
ENVIRONMENT_NAME = "HOST_SECRET"
SECRETS = (EXPECTED, IN_FILE, IN_ENVIRONMENT)
# As the programs in attacks/ name them.
PLACEHOLDERS = ("45871", "/tmp/canary.txt", "/tmp/host.sock", "sbx-host-abstract")  # noqa: S108


class Host:
    """Listeners of every kind, and a secret in a readable file and in the environment, until it is closed."""

    def __init__(self):
        self._stack = contextlib.ExitStack()
        self.folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        self.folder.chmod(0o755)
        self.file = self.folder / "canary.txt"
        self.file.write_text(IN_FILE)
        self.path = self.folder / "host.sock"
        self.abstract = f"sbx-{secrets.token_hex(6)}"
        os.environ[ENVIRONMENT_NAME] = IN_ENVIRONMENT  # also that of later tests, whose sandboxes must not have it
        self.port, on_port = _on_one_port()
        self._listeners = [
            *on_port,
            self._unix(f"\0{self.abstract}", socket.SOCK_STREAM),
            self._unix(f"\0{self.abstract}-datagrams", socket.SOCK_DGRAM),
            self._unix(str(self.path), socket.SOCK_STREAM),
        ]
        self.path.chmod(0o777)
        for listener in self._listeners:
            listener.setblocking(False)
            self._stack.callback(listener.close)

    def _unix(self, address, kind):
        listener = socket.socket(socket.AF_UNIX, kind)
        listener.bind(address)
        if kind is socket.SOCK_STREAM:
            listener.listen()
        return listener

    def put_into(self, source):
        """Return a program with this host's addresses in it."""
        for name, real in zip(
            PLACEHOLDERS, (str(self.port), str(self.file), str(self.path), self.abstract), strict=True
        ):
            source = source.replace(name, real)
        return source

    def reached_listeners(self):
        """Return the addresses of the listeners to which something connected."""
        return [listener.getsockname() for listener in self._listeners if _was_reached(listener)]

    def close(self):
        self._stack.close()


def _on_one_port():
    """Return a port with listeners for TCP over IPv4 and IPv6, and for UDP."""
    while True:
        first = socket.create_server(("127.0.0.1", 0))
        port = first.getsockname()[1]
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            datagrams.bind(("127.0.0.1", port))
            return port, [first, datagrams, *_on_ipv6(port)]
        except OSError:  # another process uses this port
            first.close()
            datagrams.close()


def _on_ipv6(port):
    if not Path("/proc/net/if_inet6").exists():
        return []
    return [socket.create_server(("::1", port), family=socket.AF_INET6)]


def _was_reached(listener):
    try:
        if listener.type is socket.SOCK_DGRAM:
            listener.recv(1)
        else:
            listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True
