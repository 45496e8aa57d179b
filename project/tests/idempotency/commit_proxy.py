"""A proxy before PostgreSQL that can hold a COMMIT, or its response, and then cut the connection."""

import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import sqlalchemy as sa

from project.tests.servers import DEADLINE_SECONDS

CHUNK = 65536


@dataclass
class Hold:
    """A connection that is held about its COMMIT, until it is cut."""

    reached: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    def wait(self):
        """Wait until a connection commits."""
        assert self.reached.wait(DEADLINE_SECONDS), "no connection committed"


class CommitProxy:
    """Relays both ways, except for the transactions that it is to hold."""

    def __init__(self, url):
        self._target = sa.make_url(url)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._holds = {"before": [], "after": []}
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self):
        """The address of the database, through the proxy."""
        port = self._listener.getsockname()[1]
        through = self._target.set(host="127.0.0.1", port=port).update_query_dict({"sslmode": "disable"})
        return through.difference_update_query(["host"]).render_as_string(hide_password=False)

    def hold(self, moment):
        """Hold the next transaction with a key `before` PostgreSQL reads its COMMIT, or `after` it has executed it."""
        hold = Hold()
        self._holds[moment].append(hold)
        return hold

    def close(self):
        self._listener.close()

    def _accept(self):
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        server = self._connect()
        # The text of a statement is sent for its first few uses on a connection only.
        seen = {"key": False, "cleaning": False, "commit": False}
        threading.Thread(target=self._relay_responses, args=(server, client, seen), daemon=True).start()
        with suppress(OSError):
            while data := client.recv(CHUNK):
                seen["key"] |= b"UPDATE idempotency_keys" in data
                seen["cleaning"] |= b"DELETE FROM idempotency_keys" in data
                if b"COMMIT" in data:
                    seen["commit"] = seen["key"] and not seen["cleaning"]
                    seen["cleaning"] = False
                    if seen["commit"] and self._held("before"):
                        break
                server.sendall(data)
        _cut(server, client)

    def _relay_responses(self, server, client, seen):
        with suppress(OSError):
            while data := server.recv(CHUNK):
                if seen["commit"] and self._held("after"):
                    break
                seen["commit"] = False
                client.sendall(data)
        _cut(server, client)

    def _held(self, moment):
        """Hold the connection if it is to be held; return whether it is to be cut then."""
        try:
            hold = self._holds[moment].pop()
        except IndexError:
            return False
        hold.reached.set()
        hold.over.wait(DEADLINE_SECONDS)
        return True

    def _connect(self):
        directory = self._target.query.get("host")
        if not directory:
            return socket.create_connection((self._target.host, self._target.port or 5432))
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{directory}/.s.PGSQL.5432")
        return server


def _cut(*sockets):
    for one in sockets:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()


@contextmanager
def commit_proxy(url):
    """Listen for the time of a test."""
    proxy = CommitProxy(url)
    try:
        yield proxy
    finally:
        proxy.close()
