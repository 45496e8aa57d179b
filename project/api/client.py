"""The files of the built web client, for browsers. The routes exist only if the client is built."""

import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, redirect, request
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as AnyResponse

from project.web.auth import allow
from project.web.http_caching import BY_ENCODING
from project.web.permissions import Action

client_blueprint = Blueprint("client", __name__)

INDEX = "index.html"
# The build names these files by a hash of their content, so the content at an address never changes.
HASHED = "assets/"
IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
# The build writes these beside each file, the best one first. The service itself does not compress files.
COMPRESSED = {"br": ".br", "gzip": ".gz"}
# What browsers require, regardless of the tables of the machine.
TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
# The page may load what the service serves, and nothing else, and contains no scripts. Editor and charts use inline
# styles.
PAGE_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)


def is_built(settings: Mapping[str, Any]) -> bool:
    """Whether there is a client to serve."""
    return Path(settings["CLIENT_DIR"], INDEX).is_file()


@client_blueprint.get("/")
@allow(Action.READ_PAGES)
def lead_to_client() -> AnyResponse:
    """Lead who types the bare address to the client."""
    return redirect("/app/")


@client_blueprint.get("/app/", defaults={"path": INDEX})
@client_blueprint.get("/app/<path:path>")
@allow(Action.READ_PAGES)
def read_client_file(path: str) -> Response:
    """Serve a file of the client; any other address is one of its pages, and all of these are one file."""
    found = _find(path)
    if found is None and path.startswith(HASHED):
        raise NotFound  # for example of an older build; a page in its place would be executed as a script
    return _file(found or Path(current_app.config["CLIENT_DIR"], INDEX), hashed=path.startswith(HASHED))


def _find(path: str) -> Path | None:
    """Return the file at a path below the client's directory, if there is one."""
    joined = safe_join(current_app.config["CLIENT_DIR"], path)
    return Path(joined) if joined is not None and Path(joined).is_file() else None


def _file(path: Path, *, hashed: bool) -> Response:
    """Return a file: compressed, if the client accepts that and the build has compressed it."""
    siblings = {coding: path.with_name(path.name + ending) for coding, ending in COMPRESSED.items()}
    codings = [coding for coding, sibling in siblings.items() if sibling.is_file()]
    coding = request.accept_encodings.best_match(codings)
    media_type = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    # As a whole, so that a browser that reads slowly occupies no thread.
    response = Response((siblings[coding] if coding else path).read_bytes(), mimetype=media_type)
    if coding:
        response.headers["Content-Encoding"] = coding
    if codings:
        response.vary.add(BY_ENCODING)
    response.headers["Content-Security-Policy"] = PAGE_POLICY
    response.headers["Cache-Control"] = IMMUTABLE if hashed else REVALIDATE
    response.add_etag()
    response.make_conditional(request)
    return response
