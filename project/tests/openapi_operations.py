"""The document against the running application: Schemathesis sends what it allows, and what it forbids.

test_openapi.py runs them in a process of their own: Schemathesis chooses most requests while tests are collected, and
each process of pytest-xdist collects all of them.
"""

import re

import orjson
import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from project import create_app
from project.api import openapi
from project.api.users.names import check_username
from project.api.users.tokens import issue_token

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
