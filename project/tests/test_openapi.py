"""The OpenAPI document, its page, and whether the application does what it describes."""

import re

import orjson
import pytest

from project import create_app
from project.tests.nested import run_tests
from project.tests.servers import own_database

pytestmark = pytest.mark.long


@pytest.mark.exhaustive
@pytest.mark.timeout(600)
def test_every_operation_does_what_its_description_says(shared_app, migrated, tmp_path):
    with own_database(shared_app, migrated) as url:
        run_tests(tmp_path, "openapi_operations.py", plugins=["schemathesis"], DATABASE_TEST_URL=url)


def test_every_operation_that_needs_a_token_answers_403_without_one(client):
    for path, methods in client.get("/openapi.json").json["paths"].items():
        for method, operation in methods.items():
            if operation["security"] == [{"bearer": []}]:
                answer = client.open(re.sub(r"{\w+}", "1", path), method=method.upper())
                assert (answer.status_code, answer.json["message"]) == (403, "Provide a valid auth token."), path


def test_the_document_is_openapi_3_1(client):
    document = client.get("/openapi.json").json
    assert document["openapi"] == "3.1.0"
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_every_operation_has_its_own_id(client):
    paths = client.get("/openapi.json").json["paths"]
    ids = [operation["operationId"] for methods in paths.values() for operation in methods.values()]
    assert len(ids) == len(set(ids))


def test_every_field_of_a_payload_has_an_example(client):
    schemas = client.get("/openapi.json").json["components"]["schemas"]
    payloads = {name: schema for name, schema in schemas.items() if name.endswith("Payload")}
    assert payloads
    for name, payload in payloads.items():
        for field in payload.get("required", ()):
            assert payload["properties"][field].get("examples"), f"{name}.{field}"


def test_the_document_shows_whether_scores_are_public(make_app):
    def security(app):
        return app.test_client().get("/openapi.json").json["paths"]["/scores"]["get"]["security"]

    assert {} in security(make_app())
    assert security(make_app(SCORES_PUBLIC=False)) == [{"bearer": []}]


def test_the_page_needs_no_other_server(client):
    page = client.get("/docs")
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"].replace(
        "style-src 'self' 'unsafe-inline'", ""
    )
    assert addresses
    for address in addresses:
        assert client.get(address).status_code == 200, address


def test_the_page_serves_no_other_file(client):
    assert client.get("/docs/..%2fopenapi.py").status_code == 404


def test_the_document_is_the_same_in_every_worker():
    first, second = create_app(), create_app()
    documents = [orjson.dumps(app.test_client().get("/openapi.json").json) for app in (first, second)]
    assert documents[0] == documents[1]
