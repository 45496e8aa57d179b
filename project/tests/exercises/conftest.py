import json
import re
from typing import Any

import pytest

from project.cli.main import cli

SUMMARY = re.compile(r"^(\d+) imported, (\d+) updated, (\d+) unchanged, (\d+) refused", re.MULTILINE)

BODY = {"exercise_body": "Write `add(a, b)`.", "test_code": "print(add(2, 3))", "test_code_solution": "5"}
STDOUT = {"kind": "stdout", "name": "prints", "code": "print(add(2, 3))", "expected": "5"}
STDIN = {"kind": "stdin", "name": "reads", "input": "2 3\n", "expected": "5\n"}
CALL = {"kind": "call", "name": "calls", "function": "add", "arguments": [2, 3], "expected": 5}
UNITTEST = {"kind": "unittest", "name": "tests", "code": "import answer\n"}
CASES: list[dict[str, Any]] = [STDOUT, STDIN, CALL, UNITTEST]
WITH_CASES = {"exercise_body": "Write `add(a, b)`.", "cases": [CALL]}


def outcome(answer):
    return answer.status_code, answer.json["status"], answer.json.get("message")


def send(client, method, address, body, caller):
    """Send a body as Python's json writes it: also integers beyond 64 bits, and halves of surrogate pairs."""
    return client.open(
        address, method=method, data=json.dumps(body), content_type="application/json", headers=caller.headers
    )


@pytest.fixture
def add_exercise(client, admin):
    """Add an exercise, and return the `data` of the response: `add_exercise(grading="server")`."""

    def add(body=BODY, **fields):
        answer = send(client, "POST", "/exercises", body | fields, admin)
        assert answer.status_code == 201, answer.json
        return answer.json["data"]

    return add


@pytest.fixture
def headers_of(request):
    """Return the headers of a caller, or of a client without a valid token."""

    def headers(reader):
        if reader in ("learner", "grader", "admin"):
            return request.getfixturevalue(reader).headers
        return {"Authorization": "Bearer nonsense"} if reader == "liar" else {}

    return headers


@pytest.fixture
def exercise_rows(rows):
    """Read all that is stored about exercises."""
    return lambda: (
        rows("SELECT id, md5(t::text) FROM exercises t ORDER BY id"),
        rows("SELECT exercise_id, version, md5(t::text) FROM exercise_versions t ORDER BY 1, 2"),
    )


@pytest.fixture
def refused(client, admin, add_exercise, exercise_rows):
    """Send an exercise to POST and PUT; check that it is refused by the names of its fields, and nothing is written."""
    there = add_exercise()["id"]
    before = exercise_rows()

    def check(body, *fields, message="Invalid payload."):
        for method, address in (("POST", "/exercises"), ("PUT", f"/exercises/{there}")):
            answer = send(client, method, address, body, admin)
            assert outcome(answer) == (400, "fail", message), (body, answer.json)
            assert sorted(answer.json["errors"]) == sorted(fields), (body, answer.json)

    yield check
    assert exercise_rows() == before


@pytest.fixture
def stored_versions(rows):
    """Read the versions of an exercise, oldest first."""
    return lambda exercise_id: rows(
        "SELECT * FROM exercise_versions WHERE exercise_id = :id ORDER BY version", id=exercise_id
    )


@pytest.fixture
def stored(rows):
    """Read the exercises that have a slug, by their slugs."""
    return lambda: {row["slug"]: row for row in rows("SELECT * FROM exercises WHERE slug IS NOT NULL")}


@pytest.fixture
def run(app):
    """Import a folder: returns the exit status, the numbers of the summary, and all that was printed."""

    def command(path, *options):
        result = app.test_cli_runner().invoke(cli, ["exercises", "import", str(path), *options])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        summary = SUMMARY.search(result.output)
        return result.exit_code, tuple(map(int, summary.groups())) if summary else None, result.output

    return command


@pytest.fixture
def app_without_sandbox(make_app):
    """Make an application that requires more isolation than there is."""
    return make_app(SANDBOX_MIN_LEVEL=4)
