"""The WSGI environment of a request (PEP 3333), for Flask and for the hot routes."""

import sys
from typing import Any

from project.front.rsgi import Scope

Environment = dict[str, Any]

BASIS: Environment = {
    "SCRIPT_NAME": "",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,  # the body has an end, also without a Content-Length
    "wsgi.multiprocess": True,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}
# RSGI leaves out header values that are not visible ASCII. This stands for them; it is not a valid value of any header.
UNREADABLE = "\ufffd".encode().decode("latin-1")
MAX_CACHED_NAMES = 500


class _WsgiNames(dict[str, str]):
    """The WSGI keys of headers, by name in lower case."""

    def __missing__(self, name: str) -> str:
        key = name.upper().replace("-", "_")
        if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            key = f"HTTP_{key}"
        if len(self) < MAX_CACHED_NAMES:
            self[name] = key
        return key


_wsgi_names = _WsgiNames()


def environ_of(scope: Scope) -> Environment:
    """Return the environment of a request, without its body."""
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
        key = _wsgi_names[name]
        if key in environ:
            environ[key] += (";" if key == "HTTP_COOKIE" else ",") + value
        else:
            environ[key] = value
            count += 1
    names = headers.keys()
    if len(names) != count:
        for name in names:
            environ.setdefault(_wsgi_names[name], UNREADABLE)
    environ.setdefault("HTTP_HOST", "")
    return environ
