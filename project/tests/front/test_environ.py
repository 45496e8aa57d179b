"""A request by RSGI has the same environment for Flask as by WSGI."""

from types import SimpleNamespace

import pytest

from project.front.environ import environ_of
from project.tests.front.rsgi_client import RequestHeaders, scope_of


def scope(*headers, **changed):
    fields = {
        "http_version": "1.1",
        "server": "127.0.0.1:5002",
        "client": "192.0.2.7:40000",
        "scheme": "http",
        "method": "GET",
        "path": "/scores",
        "query_string": "a=%20b",
        "headers": RequestHeaders(headers),
    }
    return SimpleNamespace(**fields | changed)


def test_the_environment_of_an_ordinary_request():
    environ = environ_of(scope(("Host", "x"), ("Content-Type", "a/b"), ("Content-Length", "3"), ("X-Some-Name", "y")))
    expected = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/scores",
        "QUERY_STRING": "a=%20b",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "5002",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.7",
        "CONTENT_TYPE": "a/b",
        "CONTENT_LENGTH": "3",
        "HTTP_HOST": "x",
        "HTTP_X_SOME_NAME": "y",
        "wsgi.url_scheme": "http",
        "wsgi.input_terminated": True,
    }
    assert {name: environ.get(name) for name in expected} == expected


def test_the_values_of_a_repeated_header_are_joined():
    environ = environ_of(scope(("X-Two", "a"), ("Cookie", "c=1"), ("X-Two", "b"), ("Cookie", "d=2")))
    assert (environ["HTTP_X_TWO"], environ["HTTP_COOKIE"]) == ("a,b", "c=1;d=2")


def test_without_a_host_header_the_host_is_empty():
    assert environ_of(scope())["HTTP_HOST"] == ""


@pytest.mark.parametrize(("client", "address"), [("192.0.2.7:80", "192.0.2.7"), ("[2001:db8::1]:80", "2001:db8::1")])
def test_the_remote_address_has_no_port(client, address):
    assert environ_of(scope(client=client))["REMOTE_ADDR"] == address


def test_the_path_is_decoded_as_latin_1():
    assert environ_of(scope(path="/ü"))["PATH_INFO"] == "/\u00c3\u00bc"


def test_a_header_whose_value_rsgi_leaves_out_is_present_and_invalid(app, make_front):
    headers = {"Authorization": "Bearer \u00fc", "Host": "x"}
    environ = environ_of(scope(*headers.items()))
    assert environ["HTTP_AUTHORIZATION"] not in {"", headers["Authorization"]}
    for client in (make_front(app), app.test_client()):
        assert client.get("/ping", headers=headers).status_code == 401
        assert client.get("/ping").status_code == 403


PATHS = ("/scores/%C3%BC", "/scores/%FF", "/a//b", "/scores/1;x", "/scores/..%2F1", "/users?x=%FF", "/%00")


@pytest.mark.parametrize("path", PATHS)
def test_the_front_and_flask_respond_alike_to_an_unusual_path(path, app, make_front):
    by_front, by_flask = make_front(app).get(path), app.test_client().get(path)
    assert by_front.status_code == by_flask.status_code
    assert by_front.json.keys() == by_flask.json.keys()


def test_the_scope_of_the_test_client_has_the_headers_of_the_environment(app):
    sent = environ_of(scope(("Host", "x"), ("X-Some-Name", "y")))
    again = environ_of(scope_of(sent))
    assert again["HTTP_X_SOME_NAME"] == "y"
