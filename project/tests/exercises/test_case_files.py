"""Files that come with a test case, as an admin gives them."""

import pytest

from project.tests.exercises.conftest import CASES, STDIN, UNITTEST, WITH_CASES


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", ".py", "/etc/passwd", "a/b.py", "../a.py", "..\\a", "a b.py", "é.py", "a.py\n", ".hidden"),
        *("a\0b", "x" * 101 + ".py", "€" * 86, "a\x1b", "a/../../b"),
    ],
)
@pytest.mark.parametrize(("case", "field"), [(UNITTEST, "files"), (UNITTEST, "answer_files"), (STDIN, "answer_files")])
def test_a_file_has_a_name_that_leads_nowhere_else(refused, case, field, name):
    refused(WITH_CASES | {"cases": [case | {field: {name: ""}}]}, f"cases.0.{field}.{name}.[key]")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["kind"])
def test_data_files_are_kept_as_they_are(add_exercise, case):
    files = {"größen und zahlen.csv": "a;b\r\n", "words": "", "image.png": {"base64": "iVBORw0KGgo="}, "m.py": "N = 1"}
    added = add_exercise(WITH_CASES, cases=[case | {"answer_files": files}])
    assert added["cases"][0]["answer_files"] == files


@pytest.mark.parametrize(
    "content",
    [
        *({"base64": text} for text in (None, 5, "x", "====", "aGk", "aGk=\n", "é", "A" * 349_532)),
        *({}, {"text": "x"}, {"base64": "", "name": "x"}, [], 5, None, True),
    ],
    ids=lambda content: str(content)[:30],
)
def test_a_data_file_is_a_text_or_base64(client, admin, content):
    case = STDIN | {"answer_files": {"data": content}}
    answer = client.post("/exercises", json={**WITH_CASES, "cases": [case]}, headers=admin.headers)
    assert answer.status_code == 400
    assert all(field.startswith("cases.0.answer_files.data") for field in answer.json["errors"])


def test_answers_in_javascript_have_no_files(refused):
    case = STDIN | {"answer_files": {"data": "x"}}
    body = WITH_CASES | {"language": "javascript", "cases": [case]}
    refused(body, "cases.0.answer_files", message="Sorry. That exercise cannot be judged.")
