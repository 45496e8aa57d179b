"""Exercises in several languages: what authors give, what is refused, and what each caller sees."""

import pytest

from project.api.exercises.problems import problem
from project.cli.main import cli
from project.grading.language_status import LanguageStatus, LanguageStatuses
from project.judging.native_languages import NativeLanguage
from project.sandbox.limits import MIB, Limits
from project.tests.exercises.conftest import BODY, CALL, STDIN, STDOUT, WITH_CASES, outcome, send

PYTHON = "def add(a, b):\n    return a + b\n"
JAVASCRIPT = "function add(a, b) { return a + b; }\n"
IN_JAVASCRIPT = {
    "starter": "function add(a, b) {}\n",
    "reference_solution": JAVASCRIPT,
    "cpu_factor": 1.5,
    "memory_factor": 2.0,
}
SEVERAL = WITH_CASES | {"reference_solution": PYTHON, "languages": {"javascript": IN_JAVASCRIPT}}
CANNOT_BE_JUDGED = "Sorry. That exercise cannot be judged."
SOLUTIONS = "Sorry. The reference solution must be accepted, and the starter must not."
ADD = "INSERT INTO exercises (exercise_body, language, languages) VALUES ('b', :language, CAST(:languages AS json))"


@pytest.fixture
def all_available(monkeypatch):
    """Let every language be available, since no answer is judged."""
    monkeypatch.setattr(NativeLanguage, "missing_tool", lambda *_: None)
    monkeypatch.setattr(LanguageStatuses, "of", lambda _, language: LanguageStatus(language))


@pytest.fixture
def without_c(monkeypatch):
    """Let C be missing."""
    missing = NativeLanguage.missing_tool
    monkeypatch.setattr(
        NativeLanguage,
        "missing_tool",
        lambda self, *arguments: "gcc" if self.name == "c" else missing(self, *arguments),
    )
    monkeypatch.setattr(
        LanguageStatuses, "of", lambda _, language: LanguageStatus(language, missing="gcc is not installed.")
    )


def in_javascript(**changed):
    return SEVERAL | {"languages": {"javascript": IN_JAVASCRIPT | changed}}


def test_learners_see_starters_and_factors_and_admins_reference_solutions_too(client, admin, learner, add_exercise):
    added = add_exercise(SEVERAL)
    assert added["languages"] == {"javascript": IN_JAVASCRIPT}
    shown = {name: value for name, value in IN_JAVASCRIPT.items() if name != "reference_solution"}
    for headers, languages in (
        (admin.headers, {"javascript": IN_JAVASCRIPT}),
        (learner.headers, {"javascript": shown}),
        ({}, {"javascript": shown}),
    ):
        one = client.get(f"/exercises/{added['id']}", headers=headers).json["data"]
        listed = client.get("/exercises", headers=headers).json["data"]["exercises"]
        assert (one["language"], one["languages"]) == ("python", languages)
        assert listed[-1]["languages"] == languages
        assert listed[0]["languages"] == {}


def test_what_was_read_can_be_sent_back_and_changes_nothing(client, admin, add_exercise):
    added = add_exercise(SEVERAL)
    answer = client.put(f"/exercises/{added['id']}", json=added, headers=admin.headers)
    assert outcome(answer) == (200, "success", "Exercise was updated!")
    assert answer.json["data"] | {"updated_at": added["updated_at"]} == added


def test_languages_are_in_versions_without_their_reference_solutions(client, admin, add_exercise, stored_versions):
    exercise_id = add_exercise(SEVERAL)["id"]
    for body, version in (
        (in_javascript(), 1),
        (in_javascript(reference_solution=JAVASCRIPT.replace("a + b", "b + a")), 1),
        (in_javascript(cpu_factor=3), 2),
        (in_javascript(cpu_factor=3, starter=None), 3),
        (SEVERAL | {"languages": {}}, 4),
    ):
        assert send(client, "PUT", f"/exercises/{exercise_id}", body, admin).json["data"]["version"] == version
    assert "function add(a, b) { return" not in str(stored_versions(exercise_id))
    address = f"/exercises/{exercise_id}/versions/2"
    shown = client.get(address, headers=admin.headers).json["data"]["languages"]
    assert shown == {"javascript": {"starter": IN_JAVASCRIPT["starter"], "cpu_factor": 3.0, "memory_factor": 2.0}}


def test_what_is_not_given_is_the_default_of_the_language(add_exercise, all_available):
    cases = [STDIN]
    added = add_exercise(WITH_CASES, cases=cases, languages={"c": {}, "java": {}, "go": {"cpu_factor": 1}})
    nothing = {"starter": None, "reference_solution": None}
    assert added["languages"] == {
        "c": nothing | {"cpu_factor": 1.0, "memory_factor": 1.0},
        "java": nothing | {"cpu_factor": 2.0, "memory_factor": 1.0},
        "go": nothing | {"cpu_factor": 1.0, "memory_factor": 1.0},
    }


@pytest.mark.parametrize(
    ("languages", "field"),
    [
        ([], "languages"),
        ("javascript", "languages"),
        (None, "languages"),
        ({f"language{number}": {} for number in range(30)}, "languages"),
        ({"cobol": {}}, "languages.cobol.[key]"),
        ({"": {}}, "languages..[key]"),
        ({"Javascript": {}}, "languages.Javascript.[key]"),
        ({"javascript\0": {}}, "languages.javascript\0.[key]"),
        ({"javascript": None}, "languages.javascript"),
        ({"javascript": "function add() {}"}, "languages.javascript"),
        ({"javascript": {"start": ""}}, "languages.javascript.start"),
        ({"javascript": {"starter": 5}}, "languages.javascript.starter"),
        ({"javascript": {"starter": "x" * 65_537}}, "languages.javascript.starter"),
        ({"javascript": {"starter": "ü" * 32_769}}, "languages.javascript.starter"),
        ({"javascript": {"starter": "a\0b"}}, "languages.javascript.starter"),
        ({"javascript": {"reference_solution": "\ud800"}}, "languages.javascript.reference_solution"),
        ({"javascript": {"cpu_factor": 0.09}}, "languages.javascript.cpu_factor"),
        ({"javascript": {"cpu_factor": 101}}, "languages.javascript.cpu_factor"),
        ({"javascript": {"cpu_factor": -1}}, "languages.javascript.cpu_factor"),
        ({"javascript": {"cpu_factor": "2"}}, "languages.javascript.cpu_factor"),
        ({"javascript": {"cpu_factor": True}}, "languages.javascript.cpu_factor"),
        ({"javascript": {"memory_factor": []}}, "languages.javascript.memory_factor"),
        ({"javascript": {"memory_factor": 10**400}}, "languages.javascript.memory_factor"),
    ],
)
def test_malformed_languages_are_refused(refused, languages, field):
    refused(WITH_CASES | {"languages": languages}, field)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_a_factor_that_is_not_finite_is_refused(client, admin, exercise_rows, number):
    before = exercise_rows()
    body = '{"exercise_body": "b", "test_code": "", "test_code_solution": "", "languages": '
    body += f'{{"javascript": {{"cpu_factor": {number}}}}}}}'
    answer = client.post("/exercises", data=body, content_type="application/json", headers=admin.headers)
    assert outcome(answer) == (400, "fail", "Invalid payload.")
    assert list(answer.json["errors"]) == ["body"]
    assert exercise_rows() == before


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"languages": {"python": {}}}, ["languages.python"]),
        ({"language": "javascript", "languages": {"javascript": {}}}, ["languages.javascript"]),
        ({"languages": {"c": {}}}, ["cases.0.kind"]),
        ({"cases": [STDIN, CALL, STDOUT], "languages": {"c": {}}}, ["cases.1.kind", "cases.2.kind"]),
        (
            {"cases": [CALL | {"answer_files": {"a.txt": ""}}], "languages": {"javascript": {}}},
            ["cases.0.answer_files"],
        ),
        ({"cases": [CALL | {"expected": {"$tuple": [1]}}], "languages": {"javascript": {}}}, ["cases.0.expected"]),
        ({"cases": [CALL | {"expected": {"$set": [1]}}], "language": "c"}, ["cases.0.expected", "cases.0.kind"]),
        ({"languages": {"javascript": {"cpu_factor": 6}}}, ["languages.javascript.cpu_factor"]),
        (
            {"limits": {"cpu_ms": 200}, "languages": {"javascript": {"cpu_factor": 0.4}}},
            ["languages.javascript.cpu_factor"],
        ),
        ({"languages": {"javascript": {"memory_factor": 100}}}, ["languages.javascript.memory_factor"]),
        (
            {"limits": {"memory_bytes": 20 * MIB}, "languages": {"javascript": {"memory_factor": 0.5}}},
            ["languages.javascript.memory_factor"],
        ),
        (
            {"limits": {"wall_ms": 40_000}, "languages": {"javascript": {"cpu_factor": 2}}},
            ["languages.javascript.cpu_factor"],
        ),
        (
            {
                "cases": [STDIN],
                "languages": {
                    name: {"starter": "x" * 60_000, "reference_solution": "y" * 60_000}
                    for name in ("c", "cpp", "java", "go", "rust")
                },
            },
            ["languages"],
        ),
    ],
)
def test_languages_that_do_not_fit_the_exercise_are_refused(refused, all_available, changed, fields):
    refused(WITH_CASES | changed, *fields, message=CANNOT_BE_JUDGED)


def test_an_exercise_without_cases_cannot_have_a_native_language(refused, all_available):
    refused(BODY | {"languages": {"c": {}}}, "cases", message=CANNOT_BE_JUDGED)


@pytest.mark.parametrize("further", [False, True])
def test_an_unavailable_language_is_refused_with_those_that_are_available(client, admin, without_c, further):
    body = WITH_CASES | {"cases": [STDIN]} | ({"languages": {"c": {}}} if further else {"language": "c"})
    answer = send(client, "POST", "/exercises", body, admin)
    assert outcome(answer) == (400, "fail", CANNOT_BE_JUDGED)
    ((field, (sentence,)),) = answer.json["errors"].items()
    assert field == ("languages.c" if further else "language")
    assert sentence.startswith("C cannot be run by this installation: gcc is not installed. Available are python, ")
    assert " c," not in sentence


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"reference_solution": JAVASCRIPT.replace("+", "-")}, "reference_solution"),
        ({"reference_solution": PYTHON}, "reference_solution"),
        ({"starter": JAVASCRIPT}, "starter"),
    ],
)
def test_the_solutions_in_each_language_are_tried(refused, changed, field):
    refused(in_javascript(**changed), f"languages.javascript.{field}", message=SOLUTIONS)


def test_the_check_reports_each_language(client, admin, exercise_rows):
    before = exercise_rows()
    body = in_javascript(reference_solution="function add(a, b) { return 0; }")
    data = send(client, "POST", "/exercises/check", body, admin).json["data"]
    assert list(data["errors"]) == ["languages.javascript.reference_solution"]
    assert (data["savable"], data["reference_solution"]["verdict"]) == (False, "accepted")
    tried = data["languages"]["javascript"]
    assert (tried["reference_solution"]["verdict"], tried["starter"]["verdict"]) == ("wrong_answer", "runtime_error")
    assert tried["reference_solution"]["limits"].items() >= {"cpu_ms": 3000, "wall_ms": 9000}.items()
    assert exercise_rows() == before


def test_what_was_not_tried_in_a_language_is_a_warning(client, admin):
    body = in_javascript(reference_solution=None) | {"cases": [CALL, CALL | {"name": "more", "hidden": True}]}
    (warning,) = send(client, "POST", "/exercises", body, admin).json["warnings"]
    assert warning == "There is no reference solution in JavaScript: its limits were not tried."
    body = SEVERAL | {"cases": [STDOUT | {"code": "f(5)"}], "reference_solution": None, "languages": {"javascript": {}}}
    warnings = send(client, "POST", "/exercises", body, admin).json["warnings"]
    assert 'Case "prints": its code is in one language, and learners may choose another one.' in warnings


def test_the_limits_of_a_language_are_those_of_the_exercise_times_its_factors(add_exercise, stored_versions):
    (version,) = stored_versions(add_exercise(SEVERAL, limits={"cpu_ms": 1000, "output_bytes": 777})["id"])
    assert problem(version) == problem(version, "python")
    assert problem(version, "python").limits == Limits(cpu_ms=1000, wall_ms=3000, output_bytes=777)
    task = problem(version, "javascript")
    assert (task.language, task.cases) == ("javascript", problem(version).cases)
    assert task.limits == Limits(cpu_ms=1500, wall_ms=4500, memory_bytes=512 * MIB, output_bytes=777)
    assert task.limits.idle_ms == 1500
    with pytest.raises(KeyError):
        problem(version, "c")


def test_a_wall_time_of_its_own_is_multiplied_like_the_cpu_time():
    limits = Limits(cpu_ms=1001, wall_ms=5000).multiplied(1.5, 1)
    assert (limits.cpu_ms, limits.wall_ms, limits.memory_bytes) == (1502, 7500, Limits().memory_bytes)


def test_exercises_are_found_by_each_of_their_languages(client, change):
    change("UPDATE exercises SET deleted_at = now()")
    for language, others in (("python", '{"c": {}, "cpp": {}}'), ("c", "{}"), ("cpp", '{"go": null}'), ("rust", "{}")):
        change(ADD, language=language, languages=others)
    for name, number in (("c", 2), ("cpp", 2), ("python", 1), ("go", 1), ("java", 0)):
        with_name = client.get(f"/exercises?language={name}&limit=1000").json["data"]["exercises"]
        assert len(with_name) == number, name
    assert client.get("/exercises?language=cobol").status_code == 400


def test_languages_that_cannot_be_judged_here_are_reported(app, change, without_c):
    change(ADD, language="python", languages='{"c": {"cpu_factor": 1, "memory_factor": 1}}')
    change(ADD, language="cobol", languages='{"javascript": {"cpu_factor": "2"}}')
    result = app.test_cli_runner().invoke(cli, ["check"])
    assert result.exit_code == 0, result.output
    assert "answers in c cannot be judged by this installation." in result.output
    assert "answers in cobol cannot be judged by this installation." in result.output
    assert "javascript has no factors of its limits." in result.output
