import http.client
import json
import re

import pytest

from project import create_app, db
from project.api.summaries.tasks import fold
from project.settings.secret_key import secret_key
from project.tests.conftest import migrate_if_needed
from project.tests.servers import DEADLINE_SECONDS, running_server, wait_for
from project.tests.wrong_bodies import (
    GOOD_TYPES,
    JSON,
    NEVER,
    VALUES_OF_TYPES,
    WRONG_BODIES,
    WRONG_TYPES,
    WRONG_VALUES,
)

CONFIG = create_app().config
MAX_BYTES = CONFIG["MAX_CONTENT_LENGTH"]
# Less than by default: the server need not read the rest of a body that is far too long.
LIMITS_OF_SERVER = {"MAX_CONTENT_LENGTH": MAX_BYTES, "EXERCISE_MAX_BYTES": 2 * MAX_BYTES}


class Case:
    """An operation that takes a body: how to call it well, so that a test can spoil one thing."""

    def __init__(self, method, rule, operation):
        self.method, self.rule, self.invalid = method, rule, operation.invalid
        self.most_bytes = operation.most_bytes
        self.fields = operation.body.model_fields
        self.schema = operation.body.model_json_schema()
        self.good = {name: field.examples[0] for name, field in self.fields.items() if field.is_required()}

    def types(self, name):
        """Return the JSON types that a field takes, and whether it takes only certain words."""
        declared = self.schema["properties"][name]
        choices = [
            self.schema["$defs"][choice["$ref"].rpartition("/")[2]] if "$ref" in choice else choice
            for choice in declared.get("anyOf", [declared])
        ]
        return {choice["type"] for choice in choices}, all("enum" in choice for choice in choices)

    def wrong_values(self, name):
        """Return values of all types that a field does not take, and bad ones of those that it takes."""
        types, words = self.types(name)
        wrong = [value for kind, values in VALUES_OF_TYPES.items() if kind not in types for value in values]
        if "number" in types and "integer" not in types:
            wrong = [value for value in wrong if type(value) is not int]
        wrong += [value for kind in types for value in NEVER.get(kind, [])]
        return [*wrong, "nonsense", ""] if words else wrong

    def __repr__(self):
        return f"{self.method} {re.sub('<[^>]+>', 'ID', self.rule)}"


def cases(app):
    for rule in app.url_map.iter_rules():
        declared = getattr(app.view_functions[rule.endpoint], "operation", None)
        if declared and declared.body:
            yield from (Case(method, rule.rule, declared) for method in sorted(rule.methods - {"HEAD", "OPTIONS"}))


OPERATIONS = sorted(cases(create_app()), key=repr)
each_operation = pytest.mark.parametrize("case", OPERATIONS, ids=repr)


@pytest.fixture
def address(client, admin, change):
    """Return the address of an operation: where it has an id, that of a score of the caller's."""
    change("INSERT INTO exercises (id, exercise_body) VALUES (1, 'named by good bodies') ON CONFLICT DO NOTHING")
    mine = client.post("/scores", json={"exercise_id": 1, "correct": True}, headers=admin.headers).json["data"]["id"]
    return lambda case: re.sub(r"<[^>]+>", str(mine), case.rule)


@pytest.fixture
def fingerprint(app, rows):
    """Return what is in all tables, as a digest of each, when nothing is left that a worker would fold meanwhile."""
    one = "SELECT '{0}' AS name, count(*), md5(string_agg(t::text, ';' ORDER BY t::text)) FROM {0} AS t"
    statement = " UNION ALL ".join(map(one.format, sorted(db.metadata.tables))) + " ORDER BY name"

    def nothing_is_pending():
        with app.app_context():
            fold()
        return not rows("SELECT FROM pending_changes")

    def digests():
        wait_for(nothing_is_pending, "the summaries")
        return rows(statement)

    return digests


def check_refusal(answer, status, field, case, what):
    """Check that `answer` (status, headers, body) is a contract answer that names the field."""
    body = json.loads(answer[2])
    assert answer[0] == status, (what, body)
    kinds = {"error" if case.rule.startswith("/auth/") else "fail"} if status == 400 else {"fail", "error"}
    assert body["status"] in kinds, (what, body)
    assert body["message"] == "Invalid payload.", (what, body)
    assert list(body["errors"]) == [field], (what, body)
    assert all(re.fullmatch(r"[A-Z].+", sentence) for sentence in body["errors"][field]), (what, body)
    assert body["request_id"] == answer[1]["X-Request-ID"] != ""
    assert answer[1]["Content-Type"] == JSON


@pytest.fixture
def refused(client, admin, address, fingerprint):
    """Send a bad body, and check that it is refused by the field's name and writes nothing."""
    before = fingerprint()

    def check(case, body, field="body", status=400, content_type=JSON):
        headers = admin.headers | ({"Content-Type": content_type} if content_type else {})
        answer = client.open(address(case), method=case.method, data=body, headers=headers)
        what = (body or b"")[:80], content_type
        check_refusal((answer.status_code, answer.headers, answer.data), status, field, case, what)

    yield check
    assert fingerprint() == before


def encode(values):
    return json.dumps(values).encode()


def test_every_operation_with_a_body_is_covered():
    assert {"POST /scores", "PUT /scores/ID", "PATCH /scores", "POST /exercises"} <= set(map(repr, OPERATIONS))


@each_operation
def test_the_body_that_the_tests_spoil_is_a_good_one(client, admin, address, case):
    refuses_more = case.schema.get("additionalProperties") is False
    more = encode(case.good | ({} if refuses_more else {"a key that no operation knows": [{"x": None}]}))
    answers = [
        client.open(address(case), method=case.method, data=body, headers=admin.headers, content_type=JSON)
        for body in (encode(case.good), more, encode(case.good).ljust(MAX_BYTES))
    ]
    assert all("errors" not in answer.json for answer in answers)
    assert all(answer.json["message"] != "Invalid payload." for answer in answers)


@each_operation
def test_a_body_that_is_no_object_is_refused(refused, case):
    refused(case, None)
    for body in WRONG_BODIES.values():
        refused(case, body)


@each_operation
def test_a_good_body_in_other_than_plain_utf_8_is_refused(refused, case):
    text = json.dumps(case.good | {"x": "\u00e9"}, ensure_ascii=False)
    for codec in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1"):
        refused(case, text.encode(codec))


@each_operation
def test_a_value_that_is_no_json_spoils_a_good_body(refused, case):
    start = encode(case.good)[:-1]
    for value in WRONG_VALUES:
        refused(case, start + b', "x": ' + value.encode() + b"}")
        refused(case, start + b', "x": [{"y": ' + value.encode() + b"}]}")


@each_operation
def test_a_key_that_comes_twice_is_refused(refused, case):
    good = encode(case.good)
    refused(case, good[:-1] + b"," + good[1:])
    refused(case, good[:-1] + b', "x": 1, "x": 1}')
    refused(case, good[:-1] + b', "x": {"y": 1, "\\u0079": 2}}')
    refused(case, good[:-1] + b', "\\ud800": 1, "\\ud800": 1}')


@each_operation
def test_another_content_type_is_refused(refused, client, admin, address, case):
    for content_type in WRONG_TYPES:
        refused(case, encode(case.good), status=415, content_type=content_type)
    for content_type in GOOD_TYPES:
        headers = admin.headers | {"Content-Type": content_type}
        assert client.open(address(case), method=case.method, data=b"{", headers=headers).status_code == 400


@each_operation
def test_a_field_that_is_missing_or_wrong_is_named(refused, case):
    for name, field in case.fields.items():
        if field.is_required():
            refused(case, encode({key: value for key, value in case.good.items() if key != name}), name)
        for value in case.wrong_values(name):
            refused(case, encode(case.good | {name: value}), name)


@each_operation
def test_all_wrong_fields_are_named_at_once(client, admin, address, case):
    wrong = {name: case.wrong_values(name)[-1] for name in case.fields}
    answer = client.open(
        address(case), method=case.method, data=encode(wrong), headers=admin.headers, content_type=JSON
    )
    assert set(answer.json["errors"]) == set(wrong)


def test_a_refusal_speaks_of_the_body_and_not_of_the_program(client, learner):
    headers = learner.headers | {"Content-Type": JSON}
    for body in (*WRONG_BODIES.values(), *(b'{"x": %s}' % value.encode() for value in WRONG_VALUES)):
        answer = client.post("/scores", data=body, headers=headers)
        assert not re.search(r"sys\.|python|pydantic|traceback|recursion|codec", answer.text, re.IGNORECASE), (
            answer.text
        )


@each_operation
def test_a_body_that_is_too_long_is_refused(refused, case):
    refused(case, encode(case.good).ljust(CONFIG[case.most_bytes] + 1), status=413)


@pytest.fixture(scope="module")
def server(shared_app, tmp_path_factory):
    """Serve on the database of the tests."""
    with shared_app.app_context():
        migrate_if_needed()
    settings = {
        "DATABASE_TEST_URL": shared_app.config["SQLALCHEMY_DATABASE_URI"],
        "SECRET_KEY": secret_key(shared_app.config),
        "WEB_WORKERS": "1",
        **{name: str(most) for name, most in LIMITS_OF_SERVER.items()},
    }
    with running_server(tmp_path_factory.mktemp("server"), "--no-seed", **settings) as running:
        yield running


@pytest.fixture
def send(server, admin):
    """Send a body to the real server, with its length or in chunks; return status, headers and body."""

    def call(method, path, body, chunked):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=DEADLINE_SECONDS)
        headers = admin.headers | {"Content-Type": JSON} | ({"Transfer-Encoding": "chunked"} if chunked else {})
        try:
            pieces = iter([body[:100_000], body[100_000:]]) if chunked else body
            connection.request(method, path, pieces, headers, encode_chunked=chunked)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    return call


@pytest.mark.parametrize("chunked", [False, True], ids=["with its length", "in chunks"])
def test_a_real_server_takes_a_body_up_to_the_limit_and_no_more(send, address, fingerprint, chunked):
    for case in OPERATIONS:
        before, most = fingerprint(), LIMITS_OF_SERVER[case.most_bytes]
        for body, status in ((encode(case.good).ljust(most + 1), 413), (b"{".ljust(most), 400)):
            answer = send(case.method, address(case), body, chunked)
            check_refusal(answer, status, "body", case, len(body))
        assert fingerprint() == before
        answer = send(case.method, address(case), encode(case.good).ljust(most), chunked)
        assert "errors" not in json.loads(answer[2])
