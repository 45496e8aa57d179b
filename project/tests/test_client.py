"""The built web client's files, as a browser gets them. The client here is one of three small files."""

import gzip

import pytest

PAGE = b"<!doctype html><title>client</title>"
SCRIPT = b"console.log('client')"


@pytest.fixture
def client_dir(tmp_path):
    directory = tmp_path / "dist"
    (directory / "assets").mkdir(parents=True)
    (directory / "index.html").write_bytes(PAGE)
    (directory / "icon.svg").write_text("<svg/>")
    (directory / "assets" / "index-4f2a.js").write_bytes(SCRIPT)
    (tmp_path / "secret.txt").write_text("secret")
    return directory


@pytest.fixture
def browser(make_app, client_dir):
    return make_app(CLIENT_DIR=client_dir).test_client()


def test_the_bare_address_leads_to_the_client(browser):
    answer = browser.get("/")
    assert (answer.status_code, answer.location) == (302, "/app/")
    assert browser.get("/app").location.endswith("/app/")


@pytest.mark.parametrize("path", ["", "exercises/7", "login?next=%2Fapp%2F", "a/b/c.d", "%00", "..%5cx", "index.html"])
def test_every_page_is_the_one_page(browser, path):
    answer = browser.get(f"/app/{path}", follow_redirects=True)
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "text/html", PAGE)


def test_a_page_is_revalidated_each_time_and_sent_once(browser):
    answer = browser.get("/app/progress")
    assert answer.headers["Cache-Control"] == "no-cache"
    again = browser.get("/app/", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_files_named_by_their_hash_are_cached_for_ever(browser):
    answer = browser.get("/app/assets/index-4f2a.js")
    assert (answer.data, answer.mimetype) == (SCRIPT, "text/javascript")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_other_files_have_their_type_and_are_revalidated_each_time(browser):
    answer = browser.get("/app/icon.svg")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("image/svg+xml", "no-cache")


@pytest.mark.parametrize("path", ["assets/index-0000.js", "assets/", "assets"])
def test_a_script_that_is_gone_is_no_page(browser, path):
    answer = browser.get(f"/app/{path}")
    assert answer.status_code == (404 if path != "assets" else 200)
    assert path == "assets" or answer.json["status"] == "fail"


def test_a_page_runs_no_inline_script_and_cannot_be_framed(browser):
    headers = browser.get("/app/").headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
    }
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["../secret.txt", "..%2fsecret.txt", "assets/../../secret.txt", "/etc/passwd", "%2e%2e/secret.txt"]
)
def test_nothing_outside_is_served(browser, path):
    answer = browser.get(f"/app/{path}", follow_redirects=True)
    assert b"secret" not in answer.data
    assert b"root:" not in answer.data


def test_a_head_request_has_no_content(browser):
    answer = browser.head("/app/assets/index-4f2a.js")
    assert (answer.status_code, answer.data, answer.content_length) == (200, b"", len(SCRIPT))


def test_compressed_files_are_sent_to_clients_that_accept_them(browser, client_dir):
    (client_dir / "assets" / "index-4f2a.js.gz").write_bytes(gzip.compress(SCRIPT))
    (client_dir / "assets" / "index-4f2a.js.br").write_bytes(b"brotli")

    def ask(codings):
        return browser.get("/app/assets/index-4f2a.js", headers={"Accept-Encoding": codings})

    answer = ask("gzip")
    assert (gzip.decompress(answer.data), answer.mimetype) == (SCRIPT, "text/javascript")
    assert ask("gzip, br").headers["Content-Encoding"] == "br"
    assert ask("br;q=0, gzip").headers["Content-Encoding"] == "gzip"
    plain = ask("identity")
    assert (plain.data, plain.headers.get("Content-Encoding")) == (SCRIPT, None)
    assert len({ask(codings).headers["ETag"] for codings in ("br", "gzip", "identity")}) == 3
    assert {ask(codings).headers["Vary"] for codings in ("br", "identity")} == {"Accept-Encoding"}


def test_only_reading_is_possible(browser):
    assert browser.post("/app/").status_code == 405


def test_without_a_built_client_the_api_is_as_it_was(make_app, tmp_path):
    app = make_app(CLIENT_DIR=tmp_path)
    for address in ("/", "/app/", "/app/assets/x.js"):
        answer = app.test_client().get(address)
        assert (answer.status_code, answer.json["status"]) == (404, "fail")
    assert app.test_client().get("/health").status_code == 200


def test_with_a_client_the_api_is_as_it_was(browser):
    assert browser.get("/health").status_code == 200
    assert browser.get("/scores").json["status"] == "success"
    assert browser.get("/nothing").status_code == 404
