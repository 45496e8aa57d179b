"""Files that an exercise gives to every answer: stored with it, shown to learners, and used wherever it is judged."""

import pytest

from project.api.exercises.rules import MAX_SUPPORT_BYTES
from project.tests.exercises.conftest import BODY, CALL, UNITTEST, WITH_CASES
from project.tests.exercises.folders import TABLE, own

FILES = {"sums.py": "def add(a, b):\n    return a + b\n", "größen.txt": "1\n", "i.png": {"base64": "iVBORw0KGgo="}}
ANSWER = "from sums import add\nassert open('i.png', 'rb').read()[1:4] == b'PNG'\n"
REFUSED = "Sorry. That exercise cannot be judged."
REFERENCE = {"reference_solution": ANSWER, "starter": "import sums\n"}
TEST_MODULE = """
import unittest, sums
from answer import add
class Test(unittest.TestCase):
    def test_add(self): self.assertEqual(add(2, 3), sums.add(2, 3))
"""
KINDS = {"the pair": BODY, "call": WITH_CASES, "unittest": WITH_CASES | {"cases": [UNITTEST | {"code": TEST_MODULE}]}}


@pytest.fixture
def idle(finished_grading):
    """Leave nothing running."""


@pytest.mark.parametrize("body", KINDS.values(), ids=KINDS)
def test_the_solutions_of_an_exercise_use_its_files(add_exercise, client, admin, body):
    body = body | REFERENCE | {"support_files": FILES}
    assert add_exercise(body)["support_files"] == FILES
    tried = client.post("/exercises/check", json=body, headers=admin.headers).json["data"]
    assert (tried["savable"], tried["errors"]) == (True, {})
    without = body | {"support_files": {}}
    tried = client.post("/exercises/check", json=without, headers=admin.headers).json["data"]
    assert list(tried["errors"]) == ["reference_solution"]


def test_everybody_reads_them_and_each_version_has_its_own(add_exercise, client, admin, learner):
    added = add_exercise(WITH_CASES, support_files=FILES)
    address = f"/exercises/{added['id']}"
    for headers in ({}, learner.headers, admin.headers):
        assert client.get(address, headers=headers).json["data"]["support_files"] == FILES
        listed = client.get("/exercises?limit=1000", headers=headers).json["data"]["exercises"]
        assert [one["support_files"] for one in listed if one["id"] == added["id"]] == [FILES]
    read = client.get(address, headers=admin.headers).json["data"]
    again = client.put(address, json=read, headers=admin.headers).json["data"]
    assert (again["version"], again["support_files"]) == (1, FILES)
    changed = client.put(address, json=read | {"support_files": {}}, headers=admin.headers).json["data"]
    assert (changed["version"], changed["support_files"]) == (2, {})
    versions = client.get(f"{address}/versions", headers=admin.headers).json["data"]["versions"]
    assert [version["support_files"] for version in versions] == [{}, FILES]


@pytest.mark.usefixtures("idle")
def test_answers_use_them_and_have_no_file_of_the_same_name(add_exercise, client, learner):
    body = {"exercise_id": add_exercise(WITH_CASES, support_files=FILES)["id"], "answer": ANSWER}
    for path in ("/submissions", "/evaluations"):
        send = f"{path}?wait=30"
        assert client.post(send, json=body, headers=learner.headers).json["data"]["verdict"] == "accepted"
        refused = client.post(send, json=body | {"files": {"sums.py": "", "a.py": ""}}, headers=learner.headers)
        assert refused.status_code == 400
        assert refused.json["errors"] == {"files.sums.py": ["The exercise gives a file with this name."]}


@pytest.mark.parametrize("name", ["", "..", "a/b.py", "../a.py", "..\\a", "a b.py", ".hidden", "a\0b"])
def test_a_file_has_a_name_that_leads_nowhere_else(refused, name):
    refused(WITH_CASES | {"support_files": {name: ""}}, f"support_files.{name}.[key]")


@pytest.mark.parametrize(
    ("body", "files", "field"),
    [
        (WITH_CASES, {f"{number}.bin": "x" * 200_000 for number in range(3)}, "support_files"),
        (WITH_CASES, {"answer.py": ""}, "support_files.answer.py"),
        (WITH_CASES | {"language": "javascript"}, {"a.js": ""}, "support_files"),
    ],
    ids=["too large together", "the name of the answer", "a language without files"],
)
def test_files_that_no_answer_can_use_are_refused(refused, body, files, field):
    assert sum(map(len, files.values())) > MAX_SUPPORT_BYTES or len(files) == 1
    refused(body | {"support_files": files}, field, message=REFUSED)


def test_at_most_20_are_accepted(refused):
    refused(WITH_CASES | {"support_files": {f"f{number}": "" for number in range(21)}}, "support_files")


def test_a_folder_lists_them(run, tmp_path, stored):
    table = f'support_files = ["sums.py", "i.png"]\n{TABLE}'
    reference = "from sums import add\nassert open('i.png', 'rb').read() == b'\\x89PNG'\n"
    folder = own(tmp_path / "x", exercise__toml=table, reference__py=reference, sums__py=FILES["sums.py"])
    assert run(folder)[:2] == (1, (0, 0, 0, 1))
    (folder / "i.png").write_bytes(b"\x89PNG")
    assert run(folder)[:2] == (0, (1, 0, 0, 0))
    assert stored()["x"]["support_files"] == {"sums.py": FILES["sums.py"], "i.png": {"base64": "iVBORw=="}}
    assert run(folder)[:2] == (0, (0, 0, 1, 0))


def test_a_case_file_of_the_same_name_replaces_one(add_exercise):
    case = CALL | {"answer_files": {"sums.py": "def add(a, b): return 5\n"}}
    files = {"sums.py": "def add(a, b): return 0\n"}
    add_exercise(WITH_CASES, cases=[case], support_files=files, reference_solution="from sums import add")
