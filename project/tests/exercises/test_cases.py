import json

import pytest

from project.tests.exercises.conftest import BODY, CALL, CASES, STDIN, STDOUT, UNITTEST, WITH_CASES

TEXT = {"checker": "trimmed", "tolerance": 1e-6}
COMPLETE = {
    "stdout": TEXT,
    "stdin": TEXT,
    "call": {**TEXT, "keywords": {}},
    "unittest": {"module": "answer", "files": {}, "answer_files": {}},
}
TOO_LONG = {"characters": "x" * 65_537, "bytes": "é" * 32_769}
TOO_LONG_MODULES = {"characters": "x" * 262_145, "bytes": "é" * 131_073}
UNSTORABLE = ["\0", "a\0", "\ud800", "\udc00\ud800"]


def complete(case):
    """Return a case as it is stored, with its defaults."""
    return {"points": 1, "hidden": False, **COMPLETE[case["kind"]], **case}


def nested(depth):
    value = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["kind"])
def test_a_case_of_each_kind_is_kept_with_its_defaults(client, admin, add_exercise, rows, case):
    added = add_exercise(WITH_CASES, cases=[case])
    assert added["cases"] == [complete(case)]
    assert added.items() >= {"test_code": "", "test_code_solution": "", "grading": "server", "version": 1}.items()
    assert client.get(f"/exercises/{added['id']}", headers=admin.headers).json["data"] == added
    (stored,) = rows("SELECT cases FROM exercise_versions WHERE exercise_id = :id", id=added["id"])
    assert stored["cases"] == added["cases"]


def test_an_exercise_with_cases_may_be_graded_elsewhere(add_exercise):
    assert add_exercise(WITH_CASES, grading="self")["grading"] == "self"


def test_an_exercise_as_an_admin_reads_it_can_be_sent_back(client, admin, add_exercise):
    for body in (BODY, WITH_CASES | {"cases": CASES, "limits": {"cpu_ms": 3000}, "slug": "sum", "title": "Sum"}):
        added = add_exercise(body)
        answer = client.put(f"/exercises/{added['id']}", json=added, headers=admin.headers)
        assert answer.status_code == 200, answer.json
        assert answer.json["data"] == added | {"updated_at": answer.json["data"]["updated_at"]}


VALUES = {
    "null": None,
    "false": False,
    "zero": 0,
    "float zero": 0.0,
    "minus zero": -0.0,
    "large": 2**64,
    "huge": 10**300,
    "float": 1e20,
    "small": 5e-324,
    "text": "\u202e\x1b[31m é \U0001f600 \\u0000",
    "keys in their order": {"z": 1, "a": {"y": 2, "b": 3}, "": 4},
    "deep": nested(60),
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_json_is_kept_as_it_was_written(client, admin, add_exercise, learner, value):
    case = CALL | {"arguments": [value, {"key": value}], "keywords": {"given": value}, "expected": value}
    exercise_id = add_exercise(WITH_CASES, cases=[case])["id"]
    for headers in (admin.headers, learner.headers):
        answer = client.get(f"/exercises/{exercise_id}", headers=headers)
        (found,) = json.loads(answer.data)["data"]["cases"]
        for name in ("arguments", "keywords", "expected"):
            assert json.dumps(found[name]) == json.dumps(case[name])


def test_limits_that_were_not_given_are_as_by_default(add_exercise, rows):
    defaults = {"cpu_ms": 2000, "wall_ms": 6000, "memory_bytes": 2**28, "output_bytes": 2**16}
    for given, shown, stored in (
        ({}, {}, {}),
        (defaults, {}, {}),
        ({"cpu_ms": 5000}, {"cpu_ms": 5000, "wall_ms": 15_000}, {"cpu_ms": 5000}),
        ({"cpu_ms": 5000, "wall_ms": 15_000}, {"cpu_ms": 5000, "wall_ms": 15_000}, {"cpu_ms": 5000}),
        ({"cpu_ms": 5000, "wall_ms": 6000}, {"cpu_ms": 5000}, {"cpu_ms": 5000, "wall_ms": 6000}),
        ({"memory_bytes": 2**29}, {"memory_bytes": 2**29}, {"memory_bytes": 2**29}),
    ):
        added = add_exercise(limits=given, cases=[])
        assert added["limits"] == defaults | shown
        assert rows("SELECT limits FROM exercises WHERE id = :id", id=added["id"]) == [{"limits": stored}]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["kind"])
def test_learners_see_the_input_and_the_result_of_a_shown_case(client, learner, add_exercise, case):
    exercise_id = add_exercise(WITH_CASES, cases=[case])["id"]
    shown = {"name", "kind", "points", "hidden"} | {
        "stdout": {"expected"},
        "stdin": {"input", "expected"},
        "call": {"function", "arguments", "keywords", "expected"},
        "unittest": set(),
    }[case["kind"]]
    one = client.get(f"/exercises/{exercise_id}", headers=learner.headers).json["data"]
    assert one["cases"] == [{name: complete(case)[name] for name in shown}]
    assert client.get("/exercises").json["data"]["exercises"][-1] == one


def test_learners_see_of_a_hidden_case_that_it_is_there(client, learner, add_exercise):
    secret = {
        "stdout": {"code": "secret", "expected": "secret"},
        "stdin": {"input": "secret", "expected": "secret"},
        "call": {"function": "secret", "arguments": ["secret"], "keywords": {"k": "secret"}, "expected": "secret"},
        "unittest": {"code": "secret", "module": "secret", "files": {"a.py": "secret"}},
    }
    cases = [case | secret[case["kind"]] | {"hidden": True, "points": 3} for case in CASES]
    exercise_id = add_exercise(WITH_CASES, cases=cases, reference_solution=None)["id"]
    for address in ("/exercises", f"/exercises/{exercise_id}", "/exercises?language=python"):
        answer = client.get(address, headers=learner.headers)
        assert b"secret" not in answer.data
    names = ("name", "kind", "points", "hidden")
    one = client.get(f"/exercises/{exercise_id}").json["data"]
    assert one["cases"] == [{name: case[name] for name in names} for case in cases]
    assert one["max_points"] == 12


def test_a_case_that_was_written_in_sql_is_shown_with_its_defaults(client, add_exercise, change):
    exercise_id = add_exercise()["id"]
    change("""UPDATE exercises SET cases = '[{"name": "a", "kind": "stdin", "expected": "b"}]'""")
    one = client.get(f"/exercises/{exercise_id}").json["data"]
    assert one["max_points"] == 1
    assert one["cases"] == [{"name": "a", "kind": "stdin", "points": 1, "hidden": False, "expected": "b"}]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["kind"])
def test_a_case_that_lacks_something_is_refused_by_its_name(refused, case):
    optional = {"arguments"}
    for name in case.keys() - optional:
        lacking = {key: value for key, value in case.items() if key != name}
        lacking = lacking | {"name": "other"} if name != "name" else lacking
        refused(WITH_CASES | {"cases": [STDOUT, lacking]}, f"cases.1.{name}")


def test_a_key_that_no_case_has_is_refused(refused):
    for case in CASES:
        refused(WITH_CASES | {"cases": [case | {"hiden": True}]}, "cases.0.hiden")
    refused(WITH_CASES | {"cases": [STDIN | {"code": "x"}]}, "cases.0.code")
    refused(WITH_CASES | {"cases": [UNITTEST | {"expected": "x"}]}, "cases.0.expected")
    refused(WITH_CASES | {"limits": {"cpu": 1}}, "limits.cpu")


WRONG: dict[str, list] = {
    "name": [None, 5, "", "x" * 101, *UNSTORABLE],
    "kind": [None, "", "other", "STDOUT", 5, ["stdout"], {}],
    "points": [None, -1, 1001, 1.5, "1", True, 2**63],
    "hidden": [None, 0, "true"],
    "checker": [None, "", "other", "EXACT", 5, []],
    "tolerance": [None, -1, 1e10, "1", True],
}
WRONG_TEXTS: list = [None, 5, True, [], {}, *TOO_LONG.values(), *UNSTORABLE]
WRONG_MODULES: list = [None, 5, True, [], {}, *TOO_LONG_MODULES.values(), *UNSTORABLE]
WRONG_OF: dict[str, dict[str, list]] = {
    "stdout": {"code": WRONG_TEXTS, "expected": WRONG_TEXTS},
    "stdin": {"input": [None, 5, True, [], {}, *UNSTORABLE], "expected": WRONG_TEXTS},
    "call": {
        "function": [*WRONG_TEXTS, "", "a b", "a.b", "1a", "é", "a\n", "x" * 101],
        "arguments": [None, {}, "x", [1] * 101, *([value] for value in UNSTORABLE), [nested(70)]],
        "keywords": [None, [], "x", *({"k": value} for value in UNSTORABLE), {"k": nested(70)}],
        "expected": [*UNSTORABLE, {"k": ["\0"]}, {"\0": 1}, nested(70)],
        "checker": ["tokens"],
    },
    "unittest": {
        "code": WRONG_MODULES,
        "module": [None, "", "a.b", "../a", 5],
        "files": [None, [], "x", {f"m{number}.py": "" for number in range(21)}],
    },
}
WRONG_FIELDS = [
    (case, name, value)
    for case in CASES
    for name, values in {**WRONG, **WRONG_OF[case["kind"]]}.items()
    if name in complete(case)
    for value in values
]


@pytest.mark.parametrize("kind", WRONG_OF)
def test_a_field_of_a_case_that_is_wrong_is_named(refused, kind):
    tried = 0
    for case, name, value in WRONG_FIELDS:
        if case["kind"] == kind and name != "kind":
            where = ".k" if name == "keywords" and isinstance(value, dict) else ""
            where = ".0" if name == "arguments" and isinstance(value, list) and len(value) == 1 else where
            refused(WITH_CASES | {"cases": [STDIN | {"name": "first"}, case | {name: value}]}, f"cases.1.{name}{where}")
            tried += 1
    assert tried > 30


def test_an_unknown_kind_is_named(refused):
    for value in WRONG["kind"]:
        refused(WITH_CASES | {"cases": [{"name": "n", "kind": value}]}, "cases.0.kind")


def test_a_file_beside_a_test_module_is_a_text(refused):
    for text in WRONG_MODULES:
        where = "cases.0.files.a.py.base64" if isinstance(text, dict) else "cases.0.files.a.py"
        refused(WITH_CASES | {"cases": [UNITTEST | {"files": {"a.py": text}}]}, where)


def numbered(count, case=STDIN):
    return [case | {"name": str(number)} for number in range(count)]


def test_an_exercise_may_have_fifty_cases(add_exercise):
    assert len(add_exercise(WITH_CASES, cases=numbered(50))["cases"]) == 50


def test_an_exercise_has_no_more_cases_than_fifty(refused):
    refused(WITH_CASES | {"cases": numbered(51)}, "cases")


def test_cases_that_are_no_list_are_refused(refused):
    for value in (None, "x", 5, {}, True):
        refused(BODY | {"cases": value}, "cases")
    for value in (None, "x", 5, [], True):
        refused(WITH_CASES | {"cases": [STDIN, value]}, "cases.1")


def test_without_cases_there_must_be_a_test(refused):
    refused({"exercise_body": "b"}, "test_code", "test_code_solution")
    refused({"exercise_body": "b", "cases": []}, "test_code", "test_code_solution")


CANNOT_BE_JUDGED = "Sorry. That exercise cannot be judged."


def test_cases_differ_in_their_names(refused):
    cases = [STDIN | {"name": name} for name in ("a", "b", "a", "A", "a")]
    refused(WITH_CASES | {"cases": cases}, "cases.2.name", "cases.4.name", message=CANNOT_BE_JUDGED)


def test_a_kind_that_the_language_lacks_is_named(refused):
    cases = [STDIN, UNITTEST]
    refused(WITH_CASES | {"cases": cases, "language": "javascript"}, "cases.1.kind", message=CANNOT_BE_JUDGED)


def test_all_cases_together_are_bounded(refused):
    cases = numbered(9, STDIN | {"input": "x" * 60_000})
    refused(WITH_CASES | {"cases": cases}, "cases", message=CANNOT_BE_JUDGED)


def test_limits_stay_under_their_ceilings(refused):
    for limits, name in (
        ({"cpu_ms": 10_001}, "cpu_ms"),
        ({"wall_ms": 45_001}, "wall_ms"),
        ({"memory_bytes": 2**30 + 1}, "memory_bytes"),
    ):
        refused(BODY | {"limits": limits}, f"limits.{name}", message=CANNOT_BE_JUDGED)


@pytest.mark.parametrize(("seconds", "most"), [(2, 3000), (10, 10_000)])
def test_the_ceilings_are_those_of_the_settings(make_app, admin, seconds, most):
    lower = make_app(GRADING_MAX_CPU_MS=1000, GRADING_SUBMISSION_SECONDS=seconds).test_client()
    assert lower.post("/exercises", json=BODY, headers=admin.headers).status_code == 201
    limits = {"cpu_ms": 1001, "wall_ms": most + 1}
    answer = lower.post("/exercises", json=BODY | {"limits": limits}, headers=admin.headers)
    assert answer.json["errors"] == {f"limits.{name}": [f"Must be at most {limits[name] - 1}."] for name in limits}


WRONG_ELSEWHERE: dict[str, list] = {
    "slug": ["", "A", "a b", "-a", "a-", "a--b", "é", "a_b", "a\n", "x" * 101, 5, True, []],
    "title": ["", "x" * 201, 5, True, *UNSTORABLE],
    "language": ["", "Python", "cobol", None, 5, []],
    "policy": ["", "BEST", "worst", None, 5, []],
    "shared_sandbox": [None, 0, "true", []],
    "starter": [5, True, [], *TOO_LONG.values(), *UNSTORABLE],
    "reference_solution": [5, True, [], *TOO_LONG.values(), *UNSTORABLE],
    "limits": [None, [], "x", 5],
    "limits.cpu_ms": [None, 0, 99, -1, 1.5, "1000", True, 2**63],
    "limits.wall_ms": [None, 0, 99, "1000"],
    "limits.memory_bytes": [None, 0, 2**24 - 1, "1"],
    "limits.output_bytes": [None, 0, 2**20 + 1, "1"],
}


@pytest.mark.parametrize("field", WRONG_ELSEWHERE)
def test_a_field_that_is_wrong_is_named(refused, field):
    name, _, inner = field.partition(".")
    for value in WRONG_ELSEWHERE[field]:
        refused(BODY | {name: {inner: value} if inner else value}, field)
