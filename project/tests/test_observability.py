"""What operators see: request ids, log lines, metrics; and what browsers are told."""

import json
import re

import pytest

from project.operations import metrics
from project.settings.declarations import origins


def lines(text):
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def count(text, **labels):
    """Return how many requests the metrics counted with these labels."""
    wanted = ",".join(f'{name}="{value}"' for name, value in sorted(labels.items()))
    found = re.search(rf"^http_request_duration_seconds_count{{{re.escape(wanted)}}} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_a_valid_request_id_is_used(client):
    answer = client.get("/health", headers={"X-Request-ID": "site-42.a_B"})
    assert answer.headers["X-Request-ID"] == answer.json["request_id"] == "site-42.a_B"


@pytest.mark.parametrize("given", ["", "a b", "a\tb", '"', "é", "x" * 65, "a;b"])
def test_any_other_request_id_is_replaced(client, given):
    answer = client.get("/health", headers={"X-Request-ID": given})
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-ID"])


def test_a_request_is_one_json_line_with_its_route_and_user(make_app, learner, capfd):
    make_app(LOG_FORMAT="json").test_client().get(
        "/scores/7?secret=1", headers=learner.headers | {"X-Request-ID": "r1"}
    )
    written = capfd.readouterr().err
    (line,) = lines(written)
    assert line["event"] == "request"
    assert (line["request_id"], line["method"], line["route"]) == ("r1", "GET", "/scores/<score:score_id>")
    assert line["status"] == 404
    assert line["milliseconds"] > 0
    assert "secret" not in written
    assert learner.token not in written


def test_an_address_cannot_write_to_an_operators_terminal(client, capfd):
    client.get("/%1b[2J%0afake")
    written = capfd.readouterr().err
    assert "\x1b[2J" not in written
    assert "\nfake" not in written


def test_an_unforeseen_error_is_logged_with_its_traceback_and_without_values(make_app, capfd):
    app = make_app(LOG_FORMAT="json")

    def fail():
        password = "hunter" + str(1 + 1)
        raise RuntimeError(len(password))

    app.view_functions["eval.health"] = fail
    fail.access = app.view_functions["eval.ready"].access
    answer = app.test_client().get("/health")
    written = capfd.readouterr().err
    assert (answer.status_code, answer.json["status"]) == (500, "error")
    assert "RuntimeError" in written
    assert "hunter2" not in written


def test_requests_are_counted_by_route_and_status(client):
    labels = {"method": "GET", "route": "/scores/<score:score_id>", "status": "404"}
    before = count(metrics.collect().decode(), **labels)
    client.get("/scores/123456")
    client.get("/scores/654321")
    assert count(client.get("/metrics").text, **labels) == before + 2


def test_unknown_addresses_and_methods_do_not_make_new_series(client):
    client.open("/nowhere/1", method="BREW")
    client.open("/nowhere/2", method="SPILL")
    text = client.get("/metrics").text
    assert "nowhere" not in text
    assert "BREW" not in text


def test_the_pool_is_measured(client):
    client.get("/scores")
    text = client.get("/metrics").text
    assert re.search(r'^database_pool_connections{state="open"} [1-9]', text, re.MULTILINE)
    assert re.search(r'^database_pool_connections{state="in_use"} 0', text, re.MULTILINE)


@pytest.mark.parametrize(
    ("address", "kept"),
    [("/health", "no-store"), ("/nowhere", "no-store"), ("/scores", "public, no-cache"), ("/ping", "no-store")],
)
def test_every_response_has_the_security_headers(client, address, kept):
    headers = client.get(address).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["Cache-Control"] == kept


def test_strict_transport_security_is_sent_over_https(make_app):
    forwarded = {"X-Forwarded-Proto": "https"}
    assert (
        "max-age"
        in make_app(TRUSTED_PROXIES=1)
        .test_client()
        .get("/health", headers=forwarded)
        .headers["Strict-Transport-Security"]
    )
    assert "Strict-Transport-Security" not in make_app().test_client().get("/health", headers=forwarded).headers


def test_no_other_site_may_call_unless_it_is_listed(make_app):
    ours, theirs = "https://learn.example.org", "https://evil.example.org"
    client = make_app(CORS_ORIGINS=[ours]).test_client()
    allowed = client.get("/scores", headers={"Origin": ours}).headers
    assert allowed["Access-Control-Allow-Origin"] == ours
    assert "X-Request-ID" in allowed["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Origin" not in client.get("/scores", headers={"Origin": theirs}).headers
    assert (
        "Access-Control-Allow-Origin" not in make_app().test_client().get("/scores", headers={"Origin": ours}).headers
    )


@pytest.mark.parametrize("pattern", ["https://*.example.org", "*.example.org", "learn.example.org", "https://a b"])
def test_a_pattern_of_origins_is_refused(pattern):
    with pytest.raises(ValueError, match="must hold origins"):
        origins(pattern)


def test_a_preflight_needs_no_token(make_app):
    ours = "https://learn.example.org"
    headers = {
        "Origin": ours,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "Authorization",
    }
    answer = make_app(CORS_ORIGINS=[ours]).test_client().options("/scores", headers=headers)
    assert answer.status_code == 200
    assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]
