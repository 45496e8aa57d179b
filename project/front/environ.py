"""The WSGI environment of a request (PEP 3333): what Flask gets, and what the hot routes read."""

import sys
from typing import Any

from project.front.rsgi import Scope

Environment = dict[str, Any]

BASIS: Environment = {
    "SCRIPT_NAME": "",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,  # the end of the body is known, also where its length is not said
    "wsgi.multiprocess": True,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}
# In place of a header's value that RSGI does not give, since it is not visible ASCII: no header means anything by it.
UNREADABLE = "\ufffd".encode().decode("latin-1")
MOST_NAMES = 500  # header names that are remembered


class _Names(dict[str, str]):
    """How WSGI calls a header, by its name in lower case."""

    def __missing__(self, name: str) -> str:
        key = name.upper().replace("-", "_")
        if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            key = f"HTTP_{key}"
        if len(self) < MOST_NAMES:
            self[name] = key
        return key


_names = _Names()


def environ_of(scope: Scope) -> Environment:
    """Return the environment, without the body."""
    path = scope.path
    host, _, port = scope.server.rpartition(":")
    environ = BASIS | {
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": path if path.isascii() else path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.url_scheme": scope.scheme,
    }
    headers = scope.headers
    count = 0
    for name, value in headers.items():
        key = _names[name]
        if key in environ:
            environ[key] += (";" if key == "HTTP_COOKIE" else ",") + value
        else:
            environ[key] = value
            count += 1
    names = headers.keys()
    if len(names) != count:
        for name in names:
            environ.setdefault(_names[name], UNREADABLE)
    environ.setdefault("HTTP_HOST", "")
    return environ
