"""The API's description: for programs at /openapi.json, for people at /docs, without files from other servers."""

import mimetypes
from pathlib import Path

import flask_swagger_ui
import orjson
from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import NotFound

from project.api import openapi
from project.api.operation import operation
from project.web.auth import allow
from project.web.http_caching import tag_of
from project.web.permissions import Action
from project.web.responses import JSON

docs_blueprint = Blueprint("docs", __name__)

OURS = Path(__file__).parent / "static"
SWAGGER_UI = Path(flask_swagger_ui.__file__).parent / "dist"
FILES = {
    "start.js": OURS,
    "swagger-ui-bundle.js": SWAGGER_UI,
    "swagger-ui.css": SWAGGER_UI,
    "favicon-32x32.png": SWAGGER_UI,
}

# The page may load what the service serves, and nothing else. Swagger UI uses inline styles.
PAGE_POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"


@docs_blueprint.get("/openapi.json")
@allow(Action.READ_PAGES)
@operation("The OpenAPI document", {200: JSON})
def read_openapi() -> Response:
    """Describe the API as it is configured here."""
    if "openapi" not in current_app.extensions:
        current_app.extensions["openapi"] = orjson.dumps(openapi.build(current_app))
    response = Response(current_app.extensions["openapi"], mimetype=JSON)
    response.headers["ETag"] = tag_of(current_app.extensions["openapi"])
    return response


@docs_blueprint.get("/docs")
@allow(Action.READ_PAGES)
@operation("A page to read and try the API", {200: "text/html"})
def read_docs() -> Response:
    """Show the API to people."""
    return _file(OURS / "docs.html")


@docs_blueprint.get("/docs/<name>")
@allow(Action.READ_PAGES)
def read_docs_file(name: str) -> Response:
    """Serve a file of the page."""
    if name not in FILES:
        raise NotFound
    return _file(FILES[name] / name)


def _file(path: Path) -> Response:
    """Return a file that a browser may store, and must revalidate each time."""
    response = Response(path.read_bytes(), mimetype=mimetypes.guess_type(path.name)[0])
    response.headers["Content-Security-Policy"] = PAGE_POLICY
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response
