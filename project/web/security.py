"""What every answer tells browsers, and which other sites' pages may call us."""

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
    # An answer of the API is no page: it loads nothing. /docs states its own.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
ONE_YEAR = 31_536_000
# What a page of another site may read, beside the body. What it may send is what it asks for.
EXPOSED = ["ETag", "Idempotency-Replayed", "Link", "Location", "Retry-After", "X-Request-ID"]


OF_SCHEME = {
    "http": tuple(HEADERS.items()),
    "https": (*HEADERS.items(), ("Strict-Transport-Security", f"max-age={ONE_YEAR}")),
}


def headers_of(scheme: str) -> Sequence[tuple[str, str]]:
    """Return the headers of every answer to a request that came by http or https."""
    return OF_SCHEME[scheme]


def cross_origin_headers(settings: Mapping[str, Any]) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Return the headers of answers to pages of other sites, by their origins: what Flask-CORS adds."""
    origins = settings["CORS_ORIGINS"]
    vary = [("Vary", "Origin")] if len(origins) > 1 else []
    exposed = ("Access-Control-Expose-Headers", ", ".join(EXPOSED))
    return {origin: [("Access-Control-Allow-Origin", origin), exposed, *vary] for origin in origins}


def add_headers(response: Response) -> Response:
    """Add the headers that the view did not state itself."""
    for name, value in headers_of(request.scheme):
        response.headers.setdefault(name, value)
    # Secrets, errors, answers to writes. `project.web.conditional` states it for what is read.
    response.headers.setdefault("Cache-Control", NOT_KEPT)
    return response


def init_app(app: Flask) -> None:
    """Secure the application's answers."""
    app.after_request(add_headers)
    if app.config["CORS_ORIGINS"]:
        CORS(
            app,
            origins=app.config["CORS_ORIGINS"],
            expose_headers=EXPOSED,
            max_age=600,
            always_send=False,  # who names no origin asks for no permission
        )
    if proxies := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
