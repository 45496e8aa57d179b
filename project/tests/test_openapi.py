"""The document against the running application: Schemathesis sends what it allows, and what it forbids."""

import re

import orjson
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from project import create_app
from project.api import openapi
from project.api.users.names import check_username
from project.api.users.tokens import issue_token

pytestmark = pytest.mark.long

# All checks are on, where the contract allows it. It answers a conflict with 400, which is neither acceptance nor a
# refusal of the data; that valid data is never called invalid is asserted below. Tags and keys that are made up name no
# state, or another request.
CONFIG = {
    "checks": {
        "positive_data_acceptance": {"expected-statuses": ["2xx", 304, 400, 401, 403, 404, 412, 422]},
        # Its own, and 413: texts that are too long make bodies that are too long.
        "negative_data_rejection": {
            "expected-statuses": [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429, "5xx"]
        },
    },
    # Our token goes with every call, but for the check that leaves it out on purpose.
    "generation": {"mode": "all", "with-security-parameters": False},
}
# The schema of cases is deep: to think of each boundary in it takes minutes. Theirs are made at random only.
AT_RANDOM = {**CONFIG, "phases": {"coverage": {"enabled": False}}}
OF_EXERCISES = re.compile(r"/exercises(/check|/{exercise_id})?")
# Schemathesis joins a pattern and the maximal length to one pattern, and compiles that many times, for seconds each if
# the length is large. It leaves a pattern with alternatives as it is.
ANY_TEXT = r"^[^\u0000]*$"
ANY_TEXT_OR_NONE = r"^(?:[^\u0000]*|)$"
LARGE = 2000


def is_username(text):
    try:
        return bool(check_username(text))
    except ValueError:
        return False


schemathesis.openapi.format("username", st.text(min_size=1, max_size=128).filter(is_username))


@schemathesis.serializer("application/x-ndjson", "application/ndjson")
def lines_as_they_are(_, value):
    return value.encode() if isinstance(value, str) else orjson.dumps(value)


def without_large_patterns(node):
    """Return a part of the document with the same meaning, which Schemathesis reads faster."""
    if isinstance(node, list):
        return [without_large_patterns(item) for item in node]
    if not isinstance(node, dict):
        return node
    copy = {key: without_large_patterns(value) for key, value in node.items()}
    if copy.get("pattern") == ANY_TEXT and copy.get("maxLength", 0) > LARGE:
        copy["pattern"] = ANY_TEXT_OR_NONE
    return copy


described_app = create_app(EVENT_STREAM_SECONDS=0)  # Schemathesis reads answers to their end
document = without_large_patterns(openapi.build(described_app))


def make_test(path, method):
    """Return the test of one operation."""
    alone = {**document, "paths": {path: document["paths"][path]}}
    config = AT_RANDOM if OF_EXERCISES.fullmatch(path) else CONFIG
    schema = schemathesis.openapi.from_dict(alone, config=SchemathesisConfig.from_dict(config))
    schema.app = described_app

    @schema.include(method=method.upper()).parametrize()
    @settings(max_examples=10, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
    def check(case, app, admin, graded_exercise):
        with app.app_context():
            token = issue_token(admin.id)  # a new one for each call: one of the calls is a log-out
        # Schemathesis says that it takes gzip, and does not unpack what a WSGI application answers.
        headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
        answer = case.call_and_validate(headers=headers)
        positive = case.meta.generation.mode is GenerationMode.POSITIVE
        if positive and answer.status_code == 400:
            assert answer.json()["message"] != "Invalid payload.", answer.json()

    return check


# Each under a name of its own: Schemathesis gives all of them one name, and pytest-xdist runs a name once.
for address, methods in document["paths"].items():
    for verb in methods:
        name = f"test_{re.sub('[^a-z]+', '_', verb + address)}_does_what_its_description_says"
        assert name not in vars(), name
        vars()[name] = make_test(address, verb)


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
