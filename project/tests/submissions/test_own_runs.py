"""Evaluations with an input, or a call, of the learner's own: run once, and nothing is judged."""

import json

import pytest

from project.api.exercises.case_fields import MAX_TEXT_BYTES
from project.grading.local_judge import judge_of
from project.judging.languages import LANGUAGES

SECRET = "the hidden input"
CASES = [
    {"name": "shown", "kind": "stdin", "input": "2 3\n", "expected": "five"},
    {
        "name": "hidden",
        "kind": "stdin",
        "input": SECRET,
        "expected": "a secret",
        "hidden": True,
        "answer_files": {"secret.txt": SECRET},
    },
]
PROGRAM = """
import sys, os
text = sys.stdin.read()
print(text.upper(), sorted(os.listdir()))
print("noted", file=sys.stderr)
"""
FUNCTIONS = """
def add(a, b=0):
    print("adding")
    return a + b
def divide(a, b): return a / b
"""
JAVASCRIPT = "function add(a, b) { print('adding'); return a + b; }\nprint(readline());"


@pytest.fixture
def exercise_id(make_exercise):
    return make_exercise(cases=CASES, support_files={"word.txt": "word"}, limits={"cpu_ms": 300})


@pytest.fixture
def run(client, learner, rows, exercise_id):
    """Run an answer, and return the `data` of the response, which has nothing of the exercise's cases."""

    def send(answer, **fields):
        body = {"exercise_id": exercise_id, "answer": answer} | fields
        response = client.post("/evaluations?wait=30", json=body, headers=learner.headers)
        assert response.status_code == 200, response.json
        assert not any(text in response.text for text in (SECRET, "a secret", "five", "shown"))
        data = response.json["data"]
        assert (data["cases"], data["points"], data["max_points"]) == ([], None, None)
        assert rows("SELECT id FROM submissions WHERE user_id = :id", id=learner.id) == []
        return data

    return send


def test_an_answer_reads_an_input_and_shows_what_it_wrote(run):
    data = run(PROGRAM, input="größe\n", files={"own.txt": ""})
    assert (data["verdict"], data["run"]["error"]) == (None, "noted\n")
    assert data["run"]["output"] == "GRÖSSE\n ['own.txt', 'word.txt']\n"
    assert (data["run"]["value"], data["run"]["call"]) == (None, None)
    assert data["cpu_ms"] > 0
    assert data["wall_ms"] > 0
    assert data["run"]["memory_bytes"] > 2**20
    assert (data["limits"]["cpu_ms"], data["language"], data["exercise_version"]) == (300, "python", 1)


def test_an_empty_input_is_one(run):
    assert run("print(repr(open(0).read()))", input="")["run"]["output"] == "''\n"


@pytest.mark.parametrize(
    ("answer", "verdict", "error"),
    [
        ("print(1)\nraise ValueError('wrong')", "runtime_error", "ValueError: wrong\n"),
        ("print(1)\nwhile True: pass", "time_limit", "The program was not finished after 0.3 s of CPU time."),
        ("print(", "syntax_error", "'(' was never closed"),
        ("print(1)\nexit(3)", "runtime_error", "The program ended itself by calling exit, with a status other than 0."),
    ],
    ids=["an exception", "a loop", "no Python", "an exit"],
)
def test_the_verdict_says_how_an_answer_failed(run, answer, verdict, error):
    data = run(answer, input="")
    assert data["verdict"] == verdict
    assert error in data["run"]["error"]
    assert data["run"]["value"] is None
    assert data["run"]["output"] in ("1\n", "")


@pytest.mark.parametrize(
    ("call", "shown", "value"),
    [
        ({"function": "add", "arguments": [2, 3]}, "add(2, 3)", "5"),
        ({"function": "add", "arguments": ["é"], "keywords": {"b": "ß"}}, "add('é', b='ß')", "'éß'"),
        ({"function": "add", "arguments": [{"$tuple": [1]}, {"$tuple": []}]}, "add((1,), ())", "(1,)"),
    ],
)
def test_a_function_is_called_with_given_arguments(run, call, shown, value):
    data = run(FUNCTIONS, call=call)
    assert data["verdict"] is None
    assert data["run"].items() >= {"call": shown, "value": value, "output": "adding\n", "error": ""}.items()


def test_a_call_that_fails_has_its_exception(run):
    data = run(FUNCTIONS, call={"function": "divide", "arguments": [1, 0]})
    assert (data["verdict"], data["run"]["value"]) == ("runtime_error", None)
    assert data["run"]["error"].endswith("ZeroDivisionError: division by zero\n")
    data = run(FUNCTIONS, call={"function": "subtract"})
    assert "Your answer defines no function `subtract`; it defines `add` and `divide`." in data["run"]["error"]


def test_javascript_has_both(run, make_exercise):
    exercise_id = make_exercise(language="javascript", cases=CASES[:1])
    assert run(JAVASCRIPT, exercise_id=exercise_id, input="7\n8\n")["run"]["output"] == "7\n"
    data = run(JAVASCRIPT, exercise_id=exercise_id, call={"function": "add", "arguments": [2, 3]})
    assert data["run"].items() >= {"call": "add(2, 3)", "value": "5", "output": "null\nadding\n"}.items()


@pytest.mark.parametrize(
    ("language", "answer", "output"),
    [("bash", "cat word.txt -", "word7\n"), ("c", '#include <stdio.h>\nint main() { puts("7"); }', "7\n")],
)
def test_native_programs_read_an_input(app, run, make_exercise, language, answer, output):
    if missing := judge_of(app).languages.of(LANGUAGES[language]).missing:
        pytest.skip(missing)
    exercise_id = make_exercise(language=language, cases=CASES[:1], support_files={"word.txt": "word"})
    data = run(answer, exercise_id=exercise_id, input="7\n")
    assert (data["verdict"], data["run"]["output"], data["run"]["error"]) == (None, output, "")
    if language == "c":
        data = run("int main() { return x; }", exercise_id=exercise_id, input="7\n")
        assert (data["verdict"], data["run"]["output"]) == ("compile_error", "")
        assert "main.c:1:21: error: " in data["run"]["error"]


def test_an_evaluation_without_them_judges_the_cases(client, learner, exercise_id):
    body = {"exercise_id": exercise_id, "answer": "print('five')", "input": None, "call": None}
    data = client.post("/evaluations?wait=30", json=body, headers=learner.headers).json["data"]
    assert (data["verdict"], data["run"], len(data["cases"]), data["cpu_ms"]) == ("wrong_answer", None, 2, None)


ADD = {"function": "add"}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"input": "x" * (MAX_TEXT_BYTES + 1)}, "input"),
        ({"input": "é" * (MAX_TEXT_BYTES // 2 + 1)}, "input"),
        ({"input": "a\0b"}, "input"),
        ({"input": "\ud800"}, "input"),
        ({"input": 5}, "input"),
        ({"input": "", "call": ADD}, "call"),
        ({"call": {}}, "call.function"),
        ({"call": "add"}, "call"),
        ({"call": ADD | {"function": "a b"}}, "call.function"),
        ({"call": ADD | {"function": "print(open('x'))"}}, "call.function"),
        ({"call": ADD | {"arguments": 5}}, "call.arguments"),
        ({"call": ADD | {"arguments": ["a\0b"]}}, "call.arguments.0"),
        ({"call": ADD | {"arguments": [{"$set": [[]]}]}}, "call.arguments"),
        ({"call": ADD | {"arguments": [{"$map": []}]}}, "call.arguments"),
        ({"call": ADD | {"arguments": ["x" * MAX_TEXT_BYTES]}}, "call"),
        ({"call": ADD | {"keywords": {"a b": 1}}}, "call.keywords.a b.[key]"),
        ({"call": ADD | {"expected": 5}}, "call.expected"),
        ({"call": ADD | {"argument": [5]}}, "call.argument"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_an_input_or_a_call_that_cannot_be_run_is_refused(client, learner, exercise_id, fields, field):
    text = json.dumps({"exercise_id": exercise_id, "answer": FUNCTIONS} | fields)
    response = client.post("/evaluations", data=text, content_type="application/json", headers=learner.headers)
    assert (response.status_code, list(response.json["errors"])) == (400, [field])


def test_a_call_in_a_language_without_calls_is_refused(client, learner, make_exercise):
    body = {"exercise_id": make_exercise(language="bash", cases=CASES[:1]), "answer": "", "call": ADD}
    response = client.post("/evaluations", json=body, headers=learner.headers)
    assert response.json["errors"] == {"call": ["Functions in Bash cannot be called here."]}


def test_submissions_have_neither(client, learner, exercise_id):
    body = {"exercise_id": exercise_id, "answer": "print('five')", "input": "7"}
    data = client.post("/submissions?wait=30", json=body, headers=learner.headers).json["data"]
    assert [case["verdict"] for case in data["cases"]] == ["accepted", "wrong_answer"]
