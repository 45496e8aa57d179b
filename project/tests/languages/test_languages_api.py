"""The languages of answers through the API and the command line, with the compilers of this machine."""

import secrets
from contextlib import nullcontext

import pytest

from project.cli.main import cli
from project.grading.language_status import LanguageStatuses
from project.grading.local_judge import judge_of
from project.grading.status_store import StatusStore
from project.judging.compiling import Compiler
from project.judging.judge import Judge
from project.judging.languages import LANGUAGES
from project.sandbox.pool import NATIVE_LEVEL
from project.tests.sandbox.shared_sandboxes import shared_sandboxes

STDIN = {"kind": "stdin", "name": "reads", "input": "2 3\n", "expected": "5"}
CALL = {"kind": "call", "name": "calls", "function": "add", "arguments": [2, 3], "expected": 5}
METHODS = {"kind": "call", "name": "class", "function": "Stack", "calls": [{"method": "pop", "expected": 5}]}
WITH_A_WARNING = """#include <stdio.h>
int main(void) { int a, b, unused; scanf("%d %d", &a, &b); printf("%d\\n", a + b); }
"""
MORE = {"kind": "stdin", "name": "reads more", "input": "20 22\n", "expected": "42"}


@pytest.fixture
def in_c(app, client, admin):
    """Add an exercise in C, and return its id; skip the test where C cannot be graded."""
    status = judge_of(app).languages.of(LANGUAGES["c"])
    if status.missing:
        pytest.skip(status.missing)
    body = {"exercise_body": "Add.", "language": "c", "cases": [STDIN, MORE]}
    answer = client.post("/exercises", json=body, headers=admin.headers)
    assert answer.status_code == 201, answer.json
    return answer.json["data"]["id"]


def submit(client, member, exercise_id, answer):
    body = {"exercise_id": exercise_id, "answer": answer}
    response = client.post("/submissions?wait=30", json=body, headers=member.headers)
    assert response.status_code == 201, response.json
    return response.json["data"]


def verdicts(submission):
    return [case["verdict"] for case in submission["cases"]]


def test_all_languages_are_listed_with_what_is_missing(client):
    answer = client.get("/languages")
    assert answer.status_code == 200
    listed = {language["name"]: language for language in answer.json["data"]["languages"]}
    assert list(listed) == list(LANGUAGES)
    assert listed["python"]["available"]
    for language in listed.values():
        assert language["available"] == (language["missing"] is None) == (language["version"] is not None)
        assert set(language["kinds"]) <= {"stdout", "stdin", "call", "unittest", "sql"}
    assert listed["sql"]["available"]
    assert listed["sql"]["version"].startswith("SQLite 3.")
    assert listed["c"]["install"] == {"apt": ["gcc", "libc6-dev"]}
    assert (listed["c"]["has_files"], listed["javascript"]["has_files"]) == (True, False)


def test_native_programs_are_not_offered_below_their_isolation_level(tmp_path):
    sandboxes = shared_sandboxes(NATIVE_LEVEL - 1)
    compiler, store = Compiler(sandboxes), StatusStore(tmp_path)
    statuses = LanguageStatuses(sandboxes, Judge(sandboxes), compiler, nullcontext, store)
    assert statuses.of(LANGUAGES["bash"]).missing == "Native programs need isolation level 3, and this host offers 2."
    assert statuses.of(LANGUAGES["python"]).missing is None


@pytest.fixture
def below_the_native_level(app, monkeypatch, tmp_path):
    """Require a level for native programs that this host does not offer: `below_the_native_level()`."""
    statuses = LanguageStatuses(shared_sandboxes(NATIVE_LEVEL - 1), None, None, nullcontext, StatusStore(tmp_path))
    return lambda: monkeypatch.setattr(judge_of(app), "languages", statuses)


@pytest.mark.parametrize("path", ["/submissions", "/submissions?wait=0", "/evaluations"])
def test_an_answer_that_this_host_cannot_isolate_is_refused(client, learner, in_c, below_the_native_level, rows, path):
    below_the_native_level()
    answer = client.post(path, json={"exercise_id": in_c, "answer": "int main(void) { }"}, headers=learner.headers)
    assert (answer.status_code, answer.json["errors"]) == (503, {"sandbox": ["Cannot be used."]})
    assert rows("SELECT id FROM submissions WHERE exercise_id = :id", id=in_c) == []


def test_an_exercise_whose_answers_this_host_cannot_isolate_is_refused(client, admin, below_the_native_level):
    below_the_native_level()
    body = {"exercise_body": "Add.", "language": "bash", "cases": [STDIN]}
    answer = client.post("/exercises", json=body, headers=admin.headers)
    assert answer.status_code == 400
    (sentence,) = answer.json["errors"]["language"]
    assert "Native programs need isolation level 3, and this host offers 2." in sentence
    assert "Available are python, " in sentence


def test_an_answer_in_c_is_graded(client, learner, in_c):
    answer = '#include <stdio.h>\nint main(void) { int a, b; scanf("%d %d", &a, &b); printf("%d\\n", a + b); }'
    submission = submit(client, learner, in_c, answer)
    assert (submission["verdict"], submission["points"], submission["isolation_level"]) == ("accepted", 2, 3)
    assert verdicts(submission) == ["accepted", "accepted"]


def test_a_function_of_an_answer_is_called(app, client, admin, learner):
    if missing := judge_of(app).languages.of(LANGUAGES["nodejs"]).missing:
        pytest.skip(missing)
    raising = {
        "kind": "call",
        "name": "raises",
        "function": "add",
        "arguments": [None],
        "raises": {"type": "TypeError"},
    }
    body = {
        "exercise_body": "Add.",
        "language": "nodejs",
        "cases": [CALL, raising],
        "reference_solution": "const add = (a, b) => a.valueOf() + b",
        "starter": "function add(a, b) {}",
    }
    answer = client.post("/exercises", json=body, headers=admin.headers)
    assert answer.status_code == 201, answer.json
    submission = submit(client, learner, answer.json["data"]["id"], "function add(a, b) { console.log(5) }")
    assert verdicts(submission) == ["runtime_error", "runtime_error"]
    assert submission["cases"][0]["call"] == "add(2, 3)"
    assert submission["cases"][0]["error"] == "add returned undefined.\n"
    assert submission["cases"][0]["hint"].startswith("The function printed something and returned nothing.")


def test_an_answer_that_the_compiler_rejects_has_its_messages(client, learner, in_c):
    submission = submit(client, learner, in_c, "int main(void) { return wrong; }")
    assert submission["verdict"] == "compile_error"
    assert verdicts(submission) == ["compile_error", "not_run"]
    assert "main.c:1:25: error: " in submission["cases"][0]["error"]
    error = {"file": "main.c", "line": 1, "column": 25, "severity": "error"}
    assert error.items() <= submission["diagnostics"][0].items()
    assert "wrong" in submission["diagnostics"][0]["message"]


def test_warnings_and_the_time_of_the_compiler_are_shown_to_the_learner(client, learner, in_c):
    answer = f"{WITH_A_WARNING}// {secrets.token_hex()}\n"  # was not compiled before
    submission = submit(client, learner, in_c, answer)
    assert (submission["verdict"], submission["points"]) == ("accepted", 2)
    assert not submission["compilation"]["cached"]
    assert submission["compilation"]["cpu_ms"] > 0
    assert submission["compilation"]["wall_ms"] < submission["wall_ms"]
    (warning,) = submission["diagnostics"]
    assert (warning["line"], warning["column"], warning["severity"]) == (2, 28, "warning")

    stored = client.get(f"/submissions/{submission['id']}", headers=learner.headers).json["data"]
    assert stored["diagnostics"] == submission["diagnostics"]
    assert stored["compilation"] == submission["compilation"]
    listed = client.get("/submissions", headers=learner.headers).json["data"]["submissions"][0]
    assert "diagnostics" not in listed

    body = {"exercise_id": in_c, "answer": answer}
    evaluation = client.post("/evaluations", json=body, headers=learner.headers).json["data"]
    assert evaluation["diagnostics"] == submission["diagnostics"]
    assert evaluation["compilation"] == {"cached": True, "cpu_ms": 0.0, "wall_ms": 0.0}


def test_the_time_of_the_compiler_sets_the_learner_back(client, learner, in_c, rows):
    """The answer is one that was not compiled before."""
    slow = f"#if __INCLUDE_LEVEL__ < 14\n#include __FILE__\n#include __FILE__\n#endif\n// {secrets.token_hex()}\n"
    submission = submit(client, learner, in_c, slow)
    assert submission["verdict"] == "compile_error"
    assert submission["cpu_ms"] == 0
    (setback,) = rows(
        "SELECT extract(epoch FROM ends_at - now()) AS seconds FROM rate_limits WHERE key = :key",
        key=f"usage:user:{learner.id}",
    )
    assert setback["seconds"] > 0


def test_a_syntax_error_in_python_has_its_place(client, learner, admin):
    body = {"exercise_body": "Add.", "cases": [CALL]}
    exercise_id = client.post("/exercises", json=body, headers=admin.headers).json["data"]["id"]
    submission = submit(client, learner, exercise_id, "def add(a, b)\n    return a + b\n")
    message = "SyntaxError: expected ':'"
    error = {"file": "answer.py", "line": 1, "column": 14, "severity": "error", "message": message}
    assert submission["diagnostics"] == [error]
    assert submission["compilation"] is None


def test_a_program_in_c_has_files_of_the_learner_and_of_the_exercise(client, admin, learner, in_c):
    exercise = client.get(f"/exercises/{in_c}", headers=admin.headers).json["data"]
    exercise |= {"support_files": {"add.h": "int add(int, int);\n", "zero.txt": "0"}}
    assert client.put(f"/exercises/{in_c}", json=exercise, headers=admin.headers).status_code == 200
    answer = """
#include <stdio.h>
#include "add.h"
int main(void) { int a, b; scanf("%d %d", &a, &b); printf("%d\\n", add(a, b)); }
"""
    source = """
#include <stdio.h>
#include "add.h"
int add(int a, int b) { int zero; fscanf(fopen("zero.txt", "r"), "%d", &zero); return a + b + zero; }
"""
    body = {"exercise_id": in_c, "answer": answer, "files": {"add.c": source}}
    response = client.post("/submissions?wait=30", json=body, headers=learner.headers)
    assert (response.status_code, response.json["data"]["verdict"]) == (201, "accepted")
    for name in ("main.c", "add.h", "out"):
        response = client.post("/submissions", json=body | {"files": {name: ""}}, headers=learner.headers)
        assert (response.status_code, list(response.json["errors"])) == (400, [f"files.{name}"])
    exercise |= {"support_files": {"main.c": ""}}
    response = client.put(f"/exercises/{in_c}", json=exercise, headers=admin.headers)
    assert (response.status_code, list(response.json["errors"])) == (400, ["support_files.main.c"])


def test_a_program_that_ends_with_a_status_of_the_runner_has_failed(client, learner, in_c):
    submission = submit(client, learner, in_c, "int main(void) { return 95; }")
    assert verdicts(submission)[0] == "runtime_error"
    assert submission["cases"][0]["error"] == "The program ended itself with exit status 95.\n"


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"language": "cobol"}, "language"),
        (
            {"language": "bash", "cases": [CALL]},
            "cases.0.kind",
        ),
        ({"language": "bash", "test_code": "f", "test_code_solution": "1"}, "cases"),
        ({"language": "java", "cases": [METHODS]}, "cases.0.calls"),
        ({"language": "java", "cases": [CALL | {"keywords": {"a": 1}}]}, "cases.0.keywords"),
        ({"language": "java", "cases": [CALL | {"expected": {"$tuple": []}}]}, "cases.0.expected"),
        ({"language": "go", "cases": [CALL | {"arguments": [{"$set": []}]}]}, "cases.0.arguments"),
        ({"language": "bash", "cases": [CALL | {"expected": {"$set": []}}]}, "cases.0.kind"),
    ],
    ids=[
        "an unknown language",
        "a kind that the language lacks",
        "no cases",
        "methods of a class",
        "keywords",
        "a tuple in Java",
        "a set in Go",
        "a form in a language without calls",
    ],
)
def test_an_exercise_that_its_language_does_not_support_is_refused(client, admin, fields, name):
    answer = client.post("/exercises", json={"exercise_body": "Add.", **fields}, headers=admin.headers)
    assert answer.status_code == 400
    assert name in answer.json["errors"]


def test_the_command_lists_the_languages(app):
    result = app.test_cli_runner().invoke(cli, ["languages", "check", "python", "bash"])
    assert result.exit_code == 0, result.output
    assert [line.split()[0] for line in result.output.splitlines()] == ["python", "bash"]


def test_the_command_refuses_an_unknown_language(app):
    result = app.test_cli_runner().invoke(cli, ["languages", "check", "cobol"])
    assert result.exit_code == 1
    assert "There is no language cobol." in result.output
