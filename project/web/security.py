"""Security headers of every response, and CORS."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask, Response, request
from flask_cors import CORS
from werkzeug.middleware.proxy_fix import ProxyFix

from project.web.http_caching import NOT_KEPT

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    # A response of the API is no page and loads nothing. /docs sets its own policy.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
ONE_YEAR = 31_536_000
# The response headers that pages of other origins may read. They may send any header.
EXPOSED = ["ETag", "Idempotency-Replayed", "Link", "Location", "Retry-After", "X-Request-ID"]


OF_SCHEME = {
    "http": tuple(HEADERS.items()),
    "https": (*HEADERS.items(), ("Strict-Transport-Security", f"max-age={ONE_YEAR}")),
}


def headers_of(scheme: str) -> Sequence[tuple[str, str]]:
    """Return the headers of every response to a request by http or https."""
    return OF_SCHEME[scheme]


def cross_origin_headers(settings: Mapping[str, Any]) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Return the headers of responses to pages of other origins, by origin: those that Flask-CORS adds."""
    origins = settings["CORS_ORIGINS"]
    vary = [("Vary", "Origin")] if len(origins) > 1 else []
    exposed = ("Access-Control-Expose-Headers", ", ".join(EXPOSED))
    return {origin: [("Access-Control-Allow-Origin", origin), exposed, *vary] for origin in origins}


def add_headers(response: Response) -> Response:
    """Add the headers that the view did not set itself."""
    for name, value in headers_of(request.scheme):
        response.headers.setdefault(name, value)
    # Secrets, errors, responses to writes. `project.web.conditional` sets it for reads.
    response.headers.setdefault("Cache-Control", NOT_KEPT)
    return response


def init_app(app: Flask) -> None:
    """Add the headers to the application's responses."""
    app.after_request(add_headers)
    if app.config["CORS_ORIGINS"]:
        CORS(
            app,
            origins=app.config["CORS_ORIGINS"],
            expose_headers=EXPOSED,
            max_age=600,
            always_send=False,  # only for requests with an Origin
        )
    if proxies := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
