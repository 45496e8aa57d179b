"""Other files that are handed in beside an answer: stored with it, used wherever it is judged, or refused."""

import json

import pytest
from sqlalchemy import event

from project import db
from project.api.exercises.case_files import MAX_FILES
from project.api.submissions.schemas import MAX_TOTAL_BYTES
from project.tests.submissions.test_bad_answers import each_path

ANSWER = 'import sums\nadd = sums.add\nword = open("word.txt").read()\n'
FILES = {"sums.py": "def add(a, b):\n    return a + b\n", "word.txt": "größe\n"}
KEY = {"Idempotency-Key": "a key"}


@pytest.fixture
def send(client, learner, exercise_id):
    def post(path="/submissions", headers=(), **fields):
        body = {"exercise_id": exercise_id, "answer": ANSWER, "files": FILES} | fields
        return client.post(f"{path}?wait=30", json=body, headers=learner.headers | dict(headers))

    return post


@pytest.fixture
def stored(rows, learner):
    """Return the files of the learner's submissions, as they are stored."""
    return lambda: [
        row["files"] for row in rows("SELECT files FROM submissions WHERE user_id = :id ORDER BY id", id=learner.id)
    ]


def test_an_answer_imports_and_opens_its_other_files(client, learner, send, stored):
    submitted = send().json["data"]
    assert (submitted["verdict"], submitted["files"]) == ("accepted", FILES)
    read = client.get(f"/submissions/{submitted['id']}", headers=learner.headers).json["data"]
    assert (read["answer"], read["files"]) == (ANSWER, FILES)
    assert stored() == [FILES]


def test_without_other_files_none_are_stored(client, learner, send, stored):
    submitted = send(answer="def add(a, b): return a + b", files={}).json["data"]
    assert (submitted["verdict"], submitted["files"]) == ("accepted", {})
    assert client.get(f"/submissions/{submitted['id']}", headers=learner.headers).json["data"]["files"] == {}
    assert stored() == [None]


@pytest.fixture
def statements(app):
    """Record the statements that are executed."""
    found = []

    def record(_connection, _cursor, statement, *_):
        found.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", record)
    yield found
    event.remove(engine, "before_cursor_execute", record)


def test_only_with_other_files_the_exercise_is_read_first(send, statements):
    counts = []
    send(files={})  # what is read once
    for files in (FILES, {}, FILES, {}):
        statements.clear()
        assert send(files=files).status_code == 201
        counts.append(len(statements))
    assert counts == [counts[1] + 1, counts[1]] * 2
    assert not any("support_files" in statement for statement in statements)


def test_an_evaluation_has_them_too(send, stored):
    assert send("/evaluations").json["data"]["verdict"] == "accepted"
    assert send("/evaluations", files={}).json["data"]["verdict"] == "runtime_error"
    assert stored() == []


def test_a_worker_grades_with_them(hand_in, claim, finish, learner, exercise_id):
    handed = hand_in(learner.id, exercise_id, queued=True, answer=ANSWER, files=FILES)
    claimed = claim(handed.id, 1)
    assert claimed.files == FILES
    finished = finish(claimed)
    assert (finished["verdict"], finished["files"]) == ("accepted", FILES)


def test_a_worker_claims_an_answer_without_files(hand_in, claim, learner, exercise_id):
    handed = hand_in(learner.id, exercise_id, queued=True)
    assert claim(handed.id, 1).files == {}


def test_a_repeat_with_the_same_files_is_handed_in_once(send, stored):
    first, again = send(headers=KEY), send(headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json["data"] == first.json["data"]
    assert send(headers=KEY, files=FILES | {"more.py": ""}).status_code == 422
    assert stored() == [FILES]


@pytest.fixture
def refused(client, learner, exercise_id, stored):
    """Send files that are refused, and return the errors."""

    def post(path, files, **fields):
        text = json.dumps({"exercise_id": exercise_id, "answer": ANSWER, "files": files} | fields)
        answer = client.post(path, data=text, content_type="application/json", headers=learner.headers)
        assert (answer.status_code, answer.json["status"]) == (400, "fail"), answer.text
        assert stored() == []
        return answer.json["errors"]

    return post


@each_path
@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", ".py", "/etc/passwd", "a/b.py", "../a.py", "..\\a", "a b.py", "é.py", "a.py\n", ".hidden"),
        *("a\0b", "x" * 101, "€" * 86, "a\x1b", "a/../../b", "\ud800"),
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(refused, path, name):
    (field,) = refused(path, {name: ""})
    assert field.startswith("files.")


@each_path
@pytest.mark.parametrize(
    ("files", "field"),
    [
        ({f"f{number}": "" for number in range(MAX_FILES + 1)}, "files"),
        ({"a.py": "x" * MAX_TOTAL_BYTES}, "files"),
        ({"a.py": "é" * (MAX_TOTAL_BYTES // 2)}, "files"),
        ({"a.py": "a\0b"}, "files.a.py"),
        ({"a.py": "\ud800"}, "files.a.py"),
        ({"a.py": 5}, "files.a.py"),
        ({"a.py": None}, "files.a.py"),
        ({"a.png": {"base64": ""}}, "files.a.png"),
        (["a.py"], "files"),
        ("a.py", "files"),
        (None, "files"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_files_that_are_too_many_too_large_or_no_texts_are_refused(refused, path, files, field):
    assert list(refused(path, files)) == [field]


@each_path
def test_files_of_the_maximum_size_are_accepted(send, path):
    files = {f"f{number}.py": "" for number in range(MAX_FILES - 2)} | FILES
    room = MAX_TOTAL_BYTES - len(ANSWER.encode()) - sum(len(text.encode()) for text in files.values())
    assert send(path, files=files | {"f0.py": "#" * room}).json["data"]["verdict"] == "accepted"


@each_path
def test_a_name_that_another_file_has_is_refused(refused, path):
    assert list(refused(path, {"answer.py": ""})) == ["files.answer.py"]


@each_path
def test_answers_in_javascript_have_no_other_files(make_exercise, refused, path):
    exercise_id = make_exercise(language="javascript")
    errors = refused(path, {"sums.js": ""}, exercise_id=exercise_id)
    assert errors == {"files.sums.js": ["Answers in JavaScript have no other files."]}


@each_path
def test_files_for_an_unknown_exercise_are_refused(refused, path):
    assert list(refused(path, FILES, exercise_id=10**15)) == ["exercise_id"]
